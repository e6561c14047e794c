-- +goose Up
alter table endpoint add column silenced_at bigint not null default 0; -- since when nothing is told; 0 while it is
alter table endpoint add column silenced_why text not null default '';

-- Messages of a channel that are evidence by now, to notice when they are gone.
create table channel_seen (
    channel text not null references channel (id) on delete cascade,
    message text not null, -- its id there
    primary key (channel, message)
);
