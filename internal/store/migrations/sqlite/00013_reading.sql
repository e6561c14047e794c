-- +goose Up

-- What was published, as it was published: what readers have, also while the
-- document is taken up again.
create table publication (
    incident      bigint not null references incident (num) on delete cascade,
    n             bigint not null, -- from 1 in each document
    revision      bigint not null, -- that published it; 0 when it began published
    at            bigint not null,
    title         text not null,
    severity      bigint not null,
    services      text not null, -- JSON
    excerpt       text not null, -- the beginning of the summary
    body          text not null, -- Markdown of the whole document
    withdrawn_at  bigint not null, -- readers do not have it any more; 0 when they do
    withdrawn_by  text not null,
    withdrawn_why text not null,
    primary key (incident, n)
);
create index publication_at on publication (at desc, incident desc) where withdrawn_at = 0;

insert into publication (incident, n, revision, at, title, severity, services, excerpt, body, withdrawn_at, withdrawn_by, withdrawn_why)
select i.num, 1, r.n, r.at, i.title, i.severity, i.services, i.excerpt, r.snapshot, 0, '', ''
from incident i join revision r on r.incident = i.num
where i.status = 'published' and r.snapshot <> '' and r.note = 'moved to published'
    and r.n = (select max(x.n) from revision x where x.incident = i.num and x.snapshot <> '' and x.note = 'moved to published');

-- What readers leave. Who it was is kept so that each does it once and can take
-- it back; nobody is shown, and nothing is counted by person.
create table reader_thanks (
    incident bigint not null references incident (num) on delete cascade,
    person   text not null,
    at       bigint not null,
    primary key (incident, person)
) without rowid;

create table reader_question (
    incident bigint not null references incident (num) on delete cascade,
    id       text not null,
    person   text not null,
    at       bigint not null,
    text     text not null,
    primary key (incident, id)
) without rowid;

create table reader_answer (
    incident bigint not null,
    question text not null,
    id       text not null,
    person   text not null,
    at       bigint not null,
    text     text not null,
    primary key (incident, question, id),
    foreign key (incident, question) references reader_question (incident, id) on delete cascade
) without rowid;

create table reader_use (
    incident    bigint not null references incident (num) on delete cascade,
    person      text not null,
    service_key text not null, -- lower case
    service     text not null, -- of the reader, for which it is useful
    note        text not null,
    at          bigint not null,
    primary key (incident, person, service_key)
) without rowid;
create index reader_use_service on reader_use (service_key, at desc);
