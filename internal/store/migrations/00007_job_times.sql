-- Jobs by when they were called, or done, are asked for of one group as well:
-- that is in the index, so that the jobs of others need not be read.

-- +goose Up
DROP INDEX jobs_by_start;
DROP INDEX jobs_by_end;
CREATE INDEX jobs_by_start ON jobs (instance_id, actual_at DESC, id, group_id);
CREATE INDEX jobs_by_end ON jobs (instance_id, ended_at DESC, id, group_id);
