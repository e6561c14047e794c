-- +goose Up

-- What documents look like as pages, made ahead. Everything in it can be made
-- again, and what changes a document removes it.
create table page (
    incident bigint not null references incident (num) on delete cascade,
    variant  text not null, -- for whom it looks so: outside, inside, ...
    version  bigint not null, -- of the document
    build    text not null, -- of the program that made it
    key      text not null, -- hash of all that it follows from
    body     bytea not null,
    primary key (incident, variant)
);
