-- +goose Up

create table counter (
    name  text primary key,
    value bigint not null
);

create table incident (
    num             bigint primary key, -- the number people use: #12
    id              text not null unique,
    version         bigint not null,
    status          text not null,
    kind            text not null,
    severity        bigint not null,
    title           text not null,
    number          text not null, -- in the pager or tracker
    number_key      text not null, -- the same in lower case
    category        text not null,
    owner           text not null,
    services        text not null, -- JSON
    excerpt         text not null, -- the beginning of the summary
    happened_at     bigint not null, -- started, else detected, else created: by this lists are sorted
    started_at      bigint not null,
    detected_at     bigint not null,
    resolved_at     bigint not null,
    created_at      bigint not null,
    created_by      text not null,
    updated_at      bigint not null,
    updated_by      text not null,
    published_at    bigint not null,
    deleted_at      bigint not null,
    private         boolean not null,
    private_reason  text not null,
    required        boolean not null,
    required_why    text not null,
    draft_due       bigint not null,
    publish_due     bigint not null,
    actions_open    bigint not null,
    actions_total   bigint not null,
    body            text not null -- JSON of the post-mortem without its sections
);
create index incident_happened on incident (happened_at desc, num desc) where deleted_at = 0;
create index incident_updated on incident (updated_at desc, num desc) where deleted_at = 0;
create index incident_published on incident (published_at desc, num desc) where deleted_at = 0 and published_at > 0;
create index incident_status on incident (status, happened_at desc, num desc) where deleted_at = 0;
create index incident_severity on incident (severity, happened_at desc, num desc) where deleted_at = 0;
create index incident_category on incident (category, happened_at desc, num desc) where deleted_at = 0;
create index incident_kind on incident (kind, happened_at desc, num desc) where deleted_at = 0;
create index incident_due on incident (publish_due, num) where deleted_at = 0 and required and published_at = 0;
create index incident_number on incident (number_key, num) where number_key <> '';
create index incident_deleted on incident (deleted_at, num) where deleted_at > 0;

create table section (
    incident bigint not null references incident (num) on delete cascade,
    key      text not null,
    position bigint not null,
    kind     text not null,
    heading  text not null,
    text     text not null,
    version  bigint not null, -- counts the changes of text
    primary key (incident, key)
);

create table service (
    name_key    text collate "C" not null, -- lower case
    happened_at bigint not null,
    incident    bigint not null references incident (num) on delete cascade,
    name        text not null,
    primary key (name_key, happened_at, incident)
);
create index service_incident on service (incident);

create table action (
    incident    bigint not null references incident (num) on delete cascade,
    id          text not null,
    position    bigint not null,
    status      text not null,
    priority    text not null,
    owner       text not null,
    owner_key   text not null, -- lower case
    due         bigint not null, -- days since 1970; 2932896 (the year 9999) when there is none
    open        boolean not null, -- neither done nor declined
    body        text not null, -- JSON
    primary key (incident, id)
);
create index action_open on action (due, incident, id) where open;
create index action_status on action (status, due, incident, id);
create index action_owner on action (owner_key, due, incident, id);
create index action_due on action (due, incident, id);

create table participant (
    incident bigint not null references incident (num) on delete cascade,
    person   text not null,
    role     text not null,
    added_at bigint not null,
    added_by text not null,
    primary key (incident, person)
);
create index participant_person on participant (person, incident);

create table acl (
    incident  bigint not null references incident (num) on delete cascade,
    principal text not null, -- all, person:ID
    primary key (incident, principal)
);

create table link (
    incident bigint not null references incident (num) on delete cascade,
    ref      text not null, -- the number written behind #, in lower case
    primary key (incident, ref)
);
create index link_ref on link (ref, incident);

create table evidence (
    incident     bigint not null references incident (num) on delete cascade,
    name         text not null,
    position     bigint not null,
    sha256       text not null,
    size         bigint not null,
    body         text not null, -- JSON: format, source, query, times, zone, records
    added_at     bigint not null,
    added_by     text not null,
    purged_at    bigint not null,
    purged_by    text not null,
    purge_reason text not null,
    primary key (incident, name)
);
create index evidence_sha256 on evidence (sha256) where purged_at = 0;

create table build (
    incident bigint primary key references incident (num) on delete cascade,
    at       bigint not null,
    body     text not null -- JSON of what was derived from the evidence
);

create table revision (
    incident bigint not null references incident (num) on delete cascade,
    n        bigint not null,
    at       bigint not null,
    person   text not null,
    note     text not null,
    paths    text not null, -- JSON
    reverse  text not null, -- JSON of the changes that take it back
    snapshot text not null, -- Markdown, for some
    primary key (incident, n)
);

create table audit (
    id       bigint generated by default as identity primary key,
    at       bigint not null,
    person   text not null,
    token    text not null,
    act      text not null,
    incident text not null, -- id; empty when it is about none
    detail   text not null -- JSON
);
create index audit_incident on audit (incident, id desc);

-- +goose StatementBegin
create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is only added to';
end;
$$;
-- +goose StatementEnd
create trigger audit_keep before update or delete on audit for each row execute function audit_refuse();
create trigger audit_stay before truncate on audit execute function audit_refuse();

create table setting (
    key        text primary key,
    value      text not null, -- JSON
    updated_at bigint not null
);

create table search (
    num   bigint primary key references incident (num) on delete cascade,
    title text not null,
    body  text not null,
    terms tsvector not null generated always as (
        setweight(to_tsvector('english', regexp_replace(title, '[^[:alnum:]]+', ' ', 'g')), 'A') ||
        setweight(to_tsvector('english', regexp_replace(body, '[^[:alnum:]]+', ' ', 'g')), 'D')) stored,
    terms_of_title tsvector not null generated always as (
        to_tsvector('english', regexp_replace(title, '[^[:alnum:]]+', ' ', 'g'))) stored
);
-- Without the list of pending entries, which every search would have to read.
create index search_terms on search using gin (terms) with (fastupdate = off);
create index search_terms_of_title on search using gin (terms_of_title) with (fastupdate = off);
