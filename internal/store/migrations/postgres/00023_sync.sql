-- +goose Up
create table look (
    endpoint text primary key references endpoint (id) on delete cascade,
    until    bigint not null -- up to when its incidents are known
);

alter table ticket add column approved_by text not null default ''; -- id of a person; empty when nobody had to
