-- +goose Up
create table talk (
    incident bigint primary key references incident (num) on delete cascade,
    version  bigint not null -- grows with everything that is said about it
);
alter table comment add column words text; -- suggested in place of the thread's quote; null when none are
