-- +goose Up
create table thread (
    id          text primary key,
    incident    bigint not null references incident (num) on delete cascade,
    path        text not null, -- of the part it is about; empty for the whole
    quote       text not null, -- the words it is about; empty for all of the part
    prefix      text not null, -- what stood before them
    suffix      text not null, -- and after
    opened_at   bigint not null,
    resolved_at bigint not null, -- 0 while it is open
    resolved_by text not null
);
create index thread_incident on thread (incident, id);

create table comment (
    id         text primary key,
    thread     text not null references thread (id) on delete cascade,
    person     text not null, -- empty when nobody is to know, and nobody does
    at         bigint not null,
    edited_at  bigint not null, -- 0 when it is as it was written
    text       text not null,
    changes    text not null, -- JSON of what it suggests; empty for none
    verdict    text not null, -- of a suggestion: empty while it waits, accepted or declined
    judged_by  text not null,
    judged_at  bigint not null,
    reason     text not null,
    revision   bigint not null -- that took it in
);
create index comment_thread on comment (thread, id);

create table review_request (
    incident bigint not null references incident (num) on delete cascade,
    person   text not null,
    round    bigint not null,
    approves boolean not null, -- it cannot be approved without them
    asked_by text not null,
    asked_at bigint not null,
    due      text not null, -- a day; empty for none
    answer   text not null, -- empty while it waits; reviewed, changes or approved
    said     text not null,
    said_at  bigint not null,
    primary key (incident, person, round)
);
create index review_request_person on review_request (person, answer);
