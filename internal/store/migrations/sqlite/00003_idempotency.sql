-- +goose Up
create table idempotency (
    person   text not null,
    key      text not null, -- chosen by a client, so that a request sent twice acts once
    incident text not null, -- id of what the first request made
    at       bigint not null,
    primary key (person, key)
);
create index idempotency_at on idempotency (at);
