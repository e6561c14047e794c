-- +goose Up

-- Sections that people write together: the changes since the document was last
-- written are in collab_step.
create table collab_text (
    incident   bigint not null references incident (num) on delete cascade,
    key        text not null, -- of the section
    settled    bigint not null, -- version that the document has
    behind     boolean not null, -- there are later steps
    floor      bigint not null, -- steps up to this version are gone
    session_by text not null, -- person whose revision the writing of now belongs to
    session_at bigint not null,
    primary key (incident, key)
) without rowid;

create index collab_text_behind on collab_text (incident, key) where behind;

create table collab_base (
    incident bigint not null,
    key      text not null,
    text     text not null, -- of version collab_text.settled, as the document had it
    primary key (incident, key),
    foreign key (incident, key) references collab_text (incident, key) on delete cascade
) without rowid;

create table collab_step (
    incident bigint not null,
    key      text not null,
    version  bigint not null, -- of the text after it
    client   text not null,
    person   text not null,
    at       bigint not null,
    body     text not null, -- JSON: a change set of CodeMirror
    primary key (incident, key, version),
    foreign key (incident, key) references collab_text (incident, key) on delete cascade
) without rowid;

-- Who writes where now, for the other servers. What is a minute old means nothing.
create table collab_person (
    incident bigint not null references incident (num) on delete cascade,
    key      text not null,
    client   text not null,
    person   text not null,
    name     text not null,
    version  bigint not null, -- that the places below are of
    anchor   bigint not null, -- -1 when there is no cursor
    head     bigint not null,
    seen_at  bigint not null,
    primary key (incident, key, client)
) without rowid;
create index collab_person_seen on collab_person (seen_at);

-- Who wrote what a revision of prose holds.
create table collab_writer (
    incident bigint not null,
    revision bigint not null,
    person   text not null,
    primary key (incident, revision, person),
    foreign key (incident, revision) references revision (incident, n) on delete cascade
) without rowid;
