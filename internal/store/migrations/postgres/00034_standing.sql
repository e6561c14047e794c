-- +goose Up

-- How an incident stands, for who takes part: what waits for a person is counted
-- and listed without all in which they took part.
alter table participant add column status text not null default ''; -- of the post-mortem; empty in the trash
alter table participant add column publish_due bigint not null default 0; -- when it is to be published; 0 when it need not be, or is
alter table participant add column actions_open bigint not null default 0; -- neither done nor declined
update participant set status = i.status, actions_open = i.actions_open,
    publish_due = case when i.required and i.published_at = 0 then i.publish_due else 0 end
    from incident i where i.num = participant.incident and i.deleted_at = 0;
create index participant_status on participant (person, status, happened_at desc, incident desc);
create index participant_due on participant (person, publish_due) where publish_due > 0;
create index participant_actions on participant (person, actions_open desc) where actions_open > 0;
