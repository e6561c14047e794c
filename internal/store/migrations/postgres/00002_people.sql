-- +goose Up
create table person (
    id         text primary key,
    email      text not null unique,
    name       text not null,
    role       text not null,
    disabled   boolean not null,
    password   text not null, -- argon2id in the PHC string format; empty without one
    created_at bigint not null,
    seen_at    bigint not null
);
create index person_name on person (lower(name), id);

create table session (
    secret     text primary key, -- the hash of the cookie's value
    person_id  text not null references person (id),
    created_at bigint not null,
    expires_at bigint not null,
    agent      text not null
);
create index session_person on session (person_id);
create index session_expires on session (expires_at);

create table account_link (
    secret     text primary key, -- the hash of what the link ends in
    kind       text not null,
    email      text not null,
    role       text not null,
    person_id  text not null, -- whose password it resets; else empty
    expires_at bigint not null
);

create table api_token (
    id         text primary key,
    secret     text not null unique, -- the hash of the token
    person_id  text not null references person (id),
    name       text not null,
    scopes     text not null, -- separated by spaces
    created_at bigint not null,
    expires_at bigint not null, -- 0: never
    used_at    bigint not null
);
create index api_token_person on api_token (person_id, created_at);

create table identity (
    issuer    text not null,
    subject   text not null,
    person_id text not null references person (id),
    primary key (issuer, subject)
);
create index identity_person on identity (person_id);

create table sign_in_flow (
    secret     text primary key, -- the hash of the cookie's value
    state      text not null,
    nonce      text not null,
    verifier   text not null,
    expires_at bigint not null
);
create index sign_in_flow_expires on sign_in_flow (expires_at);
