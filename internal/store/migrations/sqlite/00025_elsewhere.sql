-- +goose Up
create table elsewhere (
    id         text primary key,
    incident   text not null, -- id
    num        bigint not null, -- of the incident
    endpoint   text not null, -- id of where it is published
    place      text not null, -- its name then
    audience   text not null,
    state      text not null, -- queued, waiting, written, changed or failed
    edition    bigint not null, -- the publication that stands there; 0 before
    ref        text not null, -- what the system calls the page; empty before it is made
    url        text not null,
    version    text not null, -- of the page, as we left it
    said       text not null, -- why it is not written
    overwrite  boolean not null, -- what others changed there is replaced
    asked_by   text not null, -- id of a person
    asked_at   bigint not null,
    written_at bigint not null -- 0 before
);
create unique index elsewhere_place on elsewhere (incident, endpoint);
