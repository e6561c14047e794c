-- +goose Up

-- What actions are filtered and counted by.
alter table action add column team_key text not null default ''; -- lower case
alter table action add column effects text not null default ''; -- between spaces: ' prevents-recurrence '
alter table action add column opened bigint not null default 0; -- days since 1970; where nobody said it, when the incident was over
alter table action add column closed bigint not null default 0; -- 0 while it is to be done
alter table action add column since bigint not null default 0; -- in its status; 0 when nothing tells
alter table action add column revisit bigint not null default 0; -- when a decision against it is looked at again

update action set
    team_key = (select trim(case when instr(s.list, ' - ') > 0 then substr(s.list, 1, instr(s.list, ' - ') - 1) else s.list end)
        from (select replace(replace(replace(replace(owner_key, ' – ', ' - '), ' — ', ' - '), ' / ', ' - '), ', ', ' - ') as list) s),
    effects = coalesce((select ' ' || group_concat(e.value, ' ') || ' ' from json_each(action.body, '$.effects') e), ''),
    opened = coalesce(cast(julianday(json_extract(body, '$.opened')) - 2440587.5 as integer), 0),
    closed = coalesce(cast(julianday(json_extract(body, '$.closed')) - 2440587.5 as integer), 0),
    revisit = coalesce(cast(julianday(json_extract(body, '$.revisit')) - 2440587.5 as integer), 0);
update action set opened = (select (case when i.resolved_at > 0 then i.resolved_at else i.happened_at end) / 86400000000 from incident i where i.num = action.incident)
    where opened = 0;
update action set opened = min(opened, closed) where closed > 0;
update action set since = coalesce(cast(julianday(json_extract(body, '$.verification.on')) - 2440587.5 as integer),
    case when closed > 0 then closed else cast(julianday(json_extract(body, '$.opened')) - 2440587.5 as integer) end, 0);
create index action_opened on action (opened, incident, id);
create index action_closed on action (closed, incident, id) where closed > 0;
create index action_team on action (team_key, due, incident, id);
create index action_since on action (status, since desc, incident desc, id);

-- What made an incident happen, as far as other incidents may share it: its
-- category and the gap that it shows.
create table factor (
    incident bigint not null references incident (num) on delete cascade,
    id       text not null,
    sign     text not null, -- CATEGORY/GAP
    category text not null, -- the primary one of the incident
    said     text not null, -- the description
    primary key (incident, id)
) without rowid;
create index factor_sign on factor (sign, category, incident);

-- Ways to look at the actions that a person keeps.
create table action_view (
    person     text not null,
    name       text not null,
    query      text not null, -- of the address of the list
    created_at bigint not null,
    primary key (person, name)
) without rowid;

-- Reviews of what is overdue or stands still, and what was looked at in them.
create table action_review (
    id         text primary key,
    person     text not null,
    scope      text not null, -- query of the actions that it goes through; empty for all
    started_at bigint not null,
    ended_at   bigint not null -- 0 while it is not over
) without rowid;
create index action_review_started on action_review (started_at desc, id);

create table action_look (
    incident bigint not null references incident (num) on delete cascade,
    action   text not null,
    at       bigint not null,
    person   text not null,
    review   text not null,
    outcome  text not null,
    note     text not null,
    primary key (incident, action, at, person)
) without rowid;
create index action_look_review on action_look (review, at);
create index action_look_at on action_look (at);

insert into factor (incident, id, sign, category, said)
    select i.num, json_extract(f.value, '$.id'), json_extract(f.value, '$.category') || '/' || coalesce(json_extract(f.value, '$.gap'), ''), i.category,
        coalesce(json_extract(f.value, '$.description'), '')
    from incident i, json_each(i.body, '$.factors') f
    where coalesce(json_extract(f.value, '$.category'), '') <> '' and coalesce(json_extract(f.value, '$.ruled_out_by'), '') = ''
        and coalesce(json_extract(f.value, '$.tag'), '') not in ('mitigating', 'detecting');
