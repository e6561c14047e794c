-- +goose Up
create table job (
    id           integer primary key,
    kind         text not null,
    key          text not null, -- unique among its kind: the same work is added once
    payload      text not null, -- JSON
    state        text not null, -- queued, running, done, failed or canceled
    run_at       bigint not null, -- when it is due; of a running one, when its lease ends
    holder       text not null, -- who runs it, a new name for each attempt
    attempt      bigint not null, -- how often it was begun
    max_attempts bigint not null,
    error        text not null, -- of the last attempt
    added_at     bigint not null,
    ended_at     bigint not null -- 0 while it is not over
);
create unique index job_key on job (kind, key);
create index job_due on job (run_at) where state in ('queued', 'running');
create index job_state on job (state, id);
create index job_ended on job (ended_at) where ended_at > 0;

create table endpoint (
    id            text primary key,
    kind          text not null, -- webhook or email
    name          text not null,
    events        text not null, -- separated by spaces
    drafts        boolean not null, -- is told the titles of what is not published
    private       boolean not null, -- is told of private incidents
    approve       boolean not null, -- a person approves what goes there
    host          text not null, -- where it is, without what may be secret
    target        text not null, -- sealed JSON
    disabled_at   bigint not null, -- 0: enabled
    disabled_why  text not null,
    failures      bigint not null, -- attempts in a row that failed
    created_at    bigint not null,
    updated_at    bigint not null
);

create table delivery (
    id          text primary key, -- also what a receiver knows it by
    key         text not null unique, -- the same act is queued once
    endpoint    text not null, -- id
    event       text not null,
    incident    text not null, -- id; empty when it is about none
    body        text not null, -- JSON
    state       text not null, -- waiting, queued, sent, failed or canceled
    attempts    bigint not null,
    answer      text not null, -- what the receiver said last, or why there was no answer
    added_at    bigint not null,
    next_at     bigint not null, -- of the next attempt; 0 when there is none
    ended_at    bigint not null, -- 0 while it is not over
    approved_by text not null -- id of a person; empty when nobody had to
);
create index delivery_endpoint on delivery (endpoint, id);
create index delivery_state on delivery (state, id);
create index delivery_ended on delivery (ended_at) where ended_at > 0;
