-- Whom to call and when: job groups, their jobs, and a task for every call
-- that is attempted. A group outlives its script, so the script is not
-- referenced.

-- +goose Up
CREATE TABLE strategies (
    id          TEXT   PRIMARY KEY,
    instance_id TEXT   NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    document    TEXT   NOT NULL, -- JSON, as it was given.
    created_at  BIGINT NOT NULL
);

CREATE TABLE job_groups (
    id                TEXT   PRIMARY KEY,
    instance_id       TEXT   NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    script_id         TEXT   NOT NULL,
    strategy_id       TEXT   NOT NULL REFERENCES strategies (id),
    name              TEXT   NOT NULL,
    description       TEXT   NOT NULL,
    scenario_id       TEXT   NOT NULL,
    status            TEXT   NOT NULL,
    failure_reason    TEXT   NOT NULL,
    calling_numbers   TEXT   NOT NULL, -- A JSON array of strings.
    recall            TEXT   NOT NULL, -- JSON: which failed numbers are left alone.
    ringing_seconds   BIGINT NOT NULL,
    priority          BIGINT NOT NULL,
    min_concurrency   BIGINT NOT NULL,
    job_file          TEXT   NOT NULL,
    parsing_task_id   TEXT   NOT NULL,
    started_at        BIGINT NOT NULL, -- When it first dialled; 0: not yet.
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX job_groups_by_age ON job_groups (instance_id, created_at DESC, id);
CREATE INDEX job_groups_open ON job_groups (instance_id, priority DESC, created_at, id)
    WHERE status IN ('Scheduling', 'Executing');

CREATE TABLE jobs (
    id              TEXT   PRIMARY KEY,
    instance_id     TEXT   NOT NULL,
    group_id        TEXT   NOT NULL REFERENCES job_groups (id) ON DELETE CASCADE,
    strategy_id     TEXT   NOT NULL REFERENCES strategies (id),
    reference_id    TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    failure_reason  TEXT   NOT NULL,
    calling_numbers TEXT   NOT NULL, -- A JSON array; empty: the group's.
    extras          TEXT   NOT NULL, -- A JSON array of {key, value}.
    contact         BIGINT NOT NULL, -- Whose turn it is, by position.
    next_at         BIGINT NOT NULL, -- When it may be dialled.
    deadline        BIGINT NOT NULL, -- When it is given up.
    calling_number  TEXT   NOT NULL, -- Of the last attempt; a retry shows the same.
    held            TEXT   NOT NULL, -- What is to become of it if its call fails: Paused or Cancelled; empty: it is tried again.
    created_at      BIGINT NOT NULL,
    actual_at       BIGINT NOT NULL, -- When it was last dialled; 0: never.
    ended_at        BIGINT NOT NULL  -- 0: not yet.
);
CREATE INDEX jobs_due ON jobs (group_id, next_at, id) WHERE status = 'Scheduling';
CREATE INDEX jobs_by_status ON jobs (group_id, status, failure_reason, created_at DESC, id);
CREATE INDEX jobs_by_group_age ON jobs (group_id, created_at DESC, id);
CREATE INDEX jobs_by_age ON jobs (instance_id, created_at DESC, id);
CREATE INDEX jobs_by_start ON jobs (instance_id, actual_at DESC, id);
CREATE INDEX jobs_by_end ON jobs (instance_id, ended_at DESC, id);
CREATE INDEX jobs_by_reference ON jobs (instance_id, reference_id);

CREATE TABLE contacts (
    job_id       TEXT   NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position     BIGINT NOT NULL,
    id           TEXT   NOT NULL,
    instance_id  TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    honorific    TEXT   NOT NULL,
    phone_number TEXT   NOT NULL,
    reference_id TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    PRIMARY KEY (job_id, position)
);
CREATE INDEX contacts_by_phone ON contacts (instance_id, phone_number, job_id);
CREATE INDEX contacts_by_name ON contacts (instance_id, name, job_id);

-- One row is one call that is attempted. It is written before the gateway is
-- asked, and at most one of a job is open.
CREATE TABLE tasks (
    id                TEXT   PRIMARY KEY,
    instance_id       TEXT   NOT NULL,
    group_id          TEXT   NOT NULL,
    job_id            TEXT   NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    contact           BIGINT NOT NULL,
    calling_number    TEXT   NOT NULL,
    called_number     TEXT   NOT NULL,
    status            TEXT   NOT NULL,
    failure_reason    TEXT   NOT NULL,
    end_reason        TEXT   NOT NULL,
    hang_up_direction TEXT   NOT NULL,
    call_id           TEXT   NOT NULL,
    planned_at        BIGINT NOT NULL, -- When the row was written.
    leased_until      BIGINT NOT NULL, -- Until then one server sees to it that it is dialled.
    deadline          BIGINT NOT NULL, -- When it is given up if nothing is heard.
    actual_at         BIGINT NOT NULL, -- When the gateway took it; 0: not yet.
    answered_at       BIGINT NOT NULL, -- 0: not answered.
    ended_at          BIGINT NOT NULL, -- 0: open.
    recording         TEXT   NOT NULL, -- The id of the file with both sides.
    recording_source  TEXT   NOT NULL
);
CREATE UNIQUE INDEX tasks_one_open ON tasks (job_id) WHERE ended_at = 0;
CREATE UNIQUE INDEX tasks_by_call ON tasks (instance_id, call_id) WHERE call_id <> '';
CREATE INDEX tasks_open ON tasks (instance_id) WHERE ended_at = 0;
CREATE INDEX tasks_late ON tasks (deadline) WHERE ended_at = 0;
CREATE INDEX tasks_undialled ON tasks (leased_until) WHERE status = 'Scheduled';
CREATE INDEX tasks_by_number ON tasks (instance_id, calling_number, planned_at);
CREATE INDEX tasks_by_called ON tasks (instance_id, called_number, ended_at);
CREATE INDEX tasks_by_group ON tasks (group_id, end_reason);
CREATE INDEX tasks_by_job ON tasks (job_id, planned_at);

-- How often a number was called on a day, by any group of the instance.
CREATE TABLE dial_days (
    instance_id   TEXT   NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    called_number TEXT   NOT NULL,
    day           TEXT   NOT NULL,
    attempts      BIGINT NOT NULL,
    PRIMARY KEY (instance_id, called_number, day)
);

CREATE TABLE blocked_numbers (
    id          TEXT   PRIMARY KEY,
    instance_id TEXT   NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    number      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    remark      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    UNIQUE (instance_id, number)
);
CREATE INDEX blocked_numbers_by_age ON blocked_numbers (instance_id, created_at DESC, id);

CREATE TABLE tag_hits (
    task_id    TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    group_id   TEXT NOT NULL,
    tag_group  TEXT NOT NULL,
    tag_name   TEXT NOT NULL,
    PRIMARY KEY (task_id, tag_group, tag_name)
);
CREATE INDEX tag_hits_by_group ON tag_hits (group_id, tag_group, tag_name);
CREATE INDEX tasks_by_recording ON tasks (recording) WHERE recording <> '';

-- Files on their way into a group or out of it. One server at a time has a
-- transfer, and a transfer that it left behind is taken up where it was.
CREATE TABLE transfers (
    id           TEXT    PRIMARY KEY,
    instance_id  TEXT    NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    group_id     TEXT    NOT NULL REFERENCES job_groups (id) ON DELETE CASCADE,
    direction    TEXT    NOT NULL, -- in: jobs from a file; out: results to one.
    file_id      TEXT    NOT NULL,
    assignment   TEXT    NOT NULL, -- Of in: strategy and numbers, as JSON.
    submit       BOOLEAN NOT NULL, -- Of in: whether the group dials when all is there.
    status       TEXT    NOT NULL, -- Waiting, Done or Failed.
    problem      TEXT    NOT NULL,
    total        BIGINT  NOT NULL,
    done         BIGINT  NOT NULL,
    leased_until BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL
);
CREATE INDEX transfers_waiting ON transfers (created_at, id) WHERE status = 'Waiting';
CREATE INDEX transfers_by_group ON transfers (group_id, direction, created_at DESC, id);
