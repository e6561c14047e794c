-- +goose Up

-- A notice may be about no post-mortem, is for those who take part in its
-- post-mortem or for all who may read it, and may come by mail.
alter table notice alter column incident drop not null; -- null: about none
alter table notice add column inside boolean not null default true; -- only for those who take part
alter table notice add column way text not null default ''; -- how its person chose to be told
alter table notice add column letter text not null default ''; -- id of the letter that brings it; empty when none does
update notice set inside = false where path like '/p/%/read#%';
create index notice_letter on notice (letter) where letter <> '';
create index notice_digest on notice (person, at) where way in ('digest', 'undated') and letter = '';

create table note_choice (
    person     text primary key,
    body       text not null, -- JSON: what reaches the person how
    updated_at bigint not null
);

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
