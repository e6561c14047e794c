-- +goose Up
-- People are asked for what they remember before they read what others do.
alter table participant add column account text not null default ''; -- empty when they were not asked; asked, written or declined
alter table participant add column asked_at bigint not null default 0;

-- The order of what is said: ids tell times, and what nobody's name is at has none.
alter table thread add column position bigint not null default 0;
alter table comment add column position bigint not null default 0;
