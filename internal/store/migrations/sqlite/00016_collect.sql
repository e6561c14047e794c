-- +goose Up
alter table endpoint add column created_by text not null default ''; -- id of a person

create table episode (
    id       text primary key,
    endpoint text not null, -- id of what tells of it
    ref      text not null, -- what it is there
    number   text not null,
    title    text not null,
    severity text not null, -- in the words from there
    service  text not null,
    url      text not null,
    began_at bigint not null,
    ended_at bigint not null, -- 0 while it goes on
    state    text not null, -- open, due, drafted, skipped or failed
    incident text not null, -- id; empty before the draft
    said     text not null -- why it was skipped, failed, or is incomplete
);
create index episode_ref on episode (endpoint, ref, began_at);
create index episode_began on episode (began_at);

create table received (
    id          text primary key,
    endpoint    text not null,
    key         text not null, -- the same thing told again has the same
    episode     text not null, -- id; empty when it belongs to none
    kind        text not null,
    at          bigint not null, -- when it happened
    received_at bigint not null,
    body        text not null -- as it came, in base64
);
create unique index received_key on received (endpoint, key);
create index received_episode on received (episode, id);
create index received_at on received (received_at);
