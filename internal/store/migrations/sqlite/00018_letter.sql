-- +goose Up

-- A notice may be about no post-mortem, is for those who take part in its
-- post-mortem or for all who may read it, and may come by mail.
create table notice_next (
    id       text primary key,
    incident bigint references incident (num) on delete cascade, -- null: about none
    person   text not null,
    kind     text not null,
    subject  text not null,
    path     text not null, -- where it is seen: "/p/12/review"
    key      text not null, -- a person is told the same thing once; empty when every time counts
    at       bigint not null,
    read_at  bigint not null, -- 0 before
    inside   boolean not null default true, -- only for those who take part
    way      text not null default '', -- how its person chose to be told
    letter   text not null default '' -- id of the letter that brings it; empty when none does
);
insert into notice_next (id, incident, person, kind, subject, path, key, at, read_at, inside)
    select id, incident, person, kind, subject, path, key, at, read_at, path not like '/p/%/read#%' from notice;
drop table notice;
alter table notice_next rename to notice;
create index notice_person on notice (person, at desc, id);
create index notice_unread on notice (person, incident) where read_at = 0;
create index notice_at on notice (at);
create unique index notice_key on notice (person, key) where key <> '';
create index notice_incident on notice (incident);
create index notice_letter on notice (letter) where letter <> '';
create index notice_digest on notice (person, at) where way in ('digest', 'undated') and letter = '';

create table note_choice (
    person     text primary key,
    body       text not null, -- JSON: what reaches the person how
    updated_at bigint not null
) without rowid;

create table letter (
    id       text primary key, -- its Message-ID begins with it
    key      text not null unique, -- a digest is written once
    kind     text not null, -- notice, digest, or week: one with actions
    person   text not null,
    incident bigint not null, -- number; 0 when it is about several
    state    text not null, -- waiting, writing, leaving, sent, empty, unsure or failed
    due_at   bigint not null,
    at       bigint not null, -- when it became what it is
    said     text not null -- by the mail server, or why it was not sent
);
create index letter_open on letter (person, incident, due_at) where state = 'waiting';
create index letter_fault on letter (at desc, id) where said <> '';
create index letter_at on letter (at);
