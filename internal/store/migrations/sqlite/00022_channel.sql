-- +goose Up
create table channel (
    id        text primary key,
    endpoint  text not null references endpoint (id) on delete cascade,
    ref       text not null, -- what the channel is there
    name      text not null, -- as people know it
    incident  bigint not null references incident (num) on delete cascade,
    linked_by text not null, -- id of a person, on whose behalf it is read
    linked_at bigint not null,
    since     bigint not null, -- what was written from then on is evidence
    read_to   bigint not null, -- as far as it was read; 0 before
    read_at   bigint not null, -- when it was read last; 0 before
    said      text not null -- what went wrong then
);
create unique index channel_ref on channel (endpoint, ref);
create index channel_incident on channel (incident);

-- Messages that are read by themselves: answers in threads, and what was marked.
create table channel_message (
    channel text not null references channel (id) on delete cascade,
    message text not null, -- its id there
    primary key (channel, message)
);

-- What people wrote for a post-mortem, by a command in a channel.
create table channel_note (
    id         text primary key, -- the same when the command comes again
    incident   bigint not null references incident (num) on delete cascade,
    endpoint   text not null, -- id
    name       text not null, -- of the channel
    linked_by  text not null, -- id of a person, on whose behalf it is kept
    person     text not null, -- who wrote it, by their id there
    mark       text not null, -- entry or decision
    at         bigint not null, -- when it happened
    written_at bigint not null,
    text       text not null,
    kept       boolean not null -- it is evidence by now
);
create index channel_note_incident on channel_note (incident, id);

create index received_kind on received (kind, at);
