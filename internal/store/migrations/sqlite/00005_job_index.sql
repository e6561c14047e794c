-- +goose Up
-- Looking for work must not go through jobs that wait for a later time.
drop index job_state;
create index job_state on job (kind, state);
