-- +goose Up
create table notice (
    id       text primary key,
    incident bigint not null references incident (num) on delete cascade,
    person   text not null,
    kind     text not null,
    subject  text not null,
    path     text not null, -- where it is seen: "/p/12/review"
    key      text not null, -- a person is told the same thing once; empty when every time counts
    at       bigint not null,
    read_at  bigint not null -- 0 before
);
create index notice_person on notice (person, at desc, id);
create index notice_unread on notice (person, incident) where read_at = 0;
create index notice_at on notice (at);
create unique index notice_key on notice (person, key) where key <> '';
create index notice_incident on notice (incident);
