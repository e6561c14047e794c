-- +goose Up
-- The audit trail is looked through by person, by act and by day.
create index audit_person on audit (person, id desc);
create index audit_act on audit (act, id desc);
create index audit_at on audit (at, id);

create table saved_view (
    person     text not null,
    name       text not null, -- what the person calls it
    query      text not null, -- of the address of the library
    created_at bigint not null,
    primary key (person, name)
);

create table failed_attempt (
    key   text primary key, -- an account or an address, hashed
    count bigint not null,
    until bigint not null, -- refused until then
    last  bigint not null
);
create index failed_attempt_last on failed_attempt (last);
