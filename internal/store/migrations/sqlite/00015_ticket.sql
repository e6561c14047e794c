-- +goose Up
create table ticket (
    id         text primary key,
    incident   text not null, -- id
    action     text not null, -- id within the incident
    endpoint   text not null, -- id of where it is made
    place      text not null, -- its name then
    state      text not null, -- queued, failed, open, done or declined
    ref        text not null, -- what the tracker calls it; empty before it is made
    url        text not null,
    said       text not null, -- its state in the tracker's words, or why there is none
    asked_by   text not null, -- id of a person
    asked_at   bigint not null,
    checked_at bigint not null, -- when the tracker was last asked; 0 before
    changed_at bigint not null -- when it became what it is there; 0 when that is not known
);
create unique index ticket_action on ticket (incident, action, endpoint);
create index ticket_checked on ticket (checked_at) where ref <> '';
