-- +goose Up
-- Whether who takes part in an incident may ask queries of their own there.
alter table endpoint add column asked boolean not null default true;
-- Connections from before keep what an admin allowed when they were made.
update endpoint set asked = false;

-- What is not in the evidence that was fetched from a source, although it answered.
create table source_note (
    incident bigint not null references incident (num) on delete cascade,
    source   text not null, -- name of the connection
    position bigint not null,
    text     text not null,
    at       bigint not null,
    primary key (incident, source, position)
);
