-- +goose Up
create table reminder (
    incident bigint not null references incident (num) on delete cascade,
    key      text not null, -- of what, due when, which
    at       bigint not null,
    primary key (incident, key)
);
