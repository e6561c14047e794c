-- +goose Up
-- The incidents of a person are listed by their time without reading all of them.
alter table participant add column happened_at bigint not null default 0;
update participant set happened_at = (select i.happened_at from incident i where i.num = participant.incident);
drop index participant_person;
create index participant_person on participant (person, happened_at desc, incident desc);
