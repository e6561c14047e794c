-- +goose Up

-- A meeting about a post-mortem: its plan, its clock, who came, and what was said.
-- It is read and written whole; version counts the times it was written.
create table meeting (
    incident  bigint not null references incident (num) on delete cascade,
    id        text not null,
    version   bigint not null,
    starts_at bigint not null,
    body      text not null, -- JSON
    primary key (incident, id)
) without rowid;
