-- Calls and what was said in them. A call outlives its script and its
-- instance, so neither is referenced.

-- +goose Up
CREATE TABLE calls (
    instance_id TEXT   NOT NULL,
    call_id     TEXT   NOT NULL,
    revision    BIGINT NOT NULL,
    ended       BIGINT NOT NULL, -- The EndReason; 0 while the call lives.
    -- When the last turn came, rounded up to 10 s: a turn that leaves it as it is
    -- leaves the indexes alone, too, which in PostgreSQL saves writing to them.
    touched_at  BIGINT NOT NULL,
    snapshot    BYTEA  NOT NULL,
    PRIMARY KEY (instance_id, call_id)
);
CREATE INDEX calls_idle ON calls (touched_at) WHERE ended = 0;
CREATE INDEX calls_over ON calls (touched_at) WHERE ended <> 0;

-- How many calls of an instance live, so that the cap on them holds on every
-- server at once.
CREATE TABLE live_calls (
    instance_id TEXT   PRIMARY KEY,
    live        BIGINT NOT NULL
);

-- A call is forgotten long before its transcript is, and its id may then begin
-- another call, so a transcript goes by when its call began as well.
CREATE TABLE turns (
    instance_id   TEXT    NOT NULL,
    call_id       TEXT    NOT NULL,
    began_at      BIGINT  NOT NULL, -- When the call began.
    revision      BIGINT  NOT NULL, -- The call's, after the turn.
    version       BYTEA   NOT NULL, -- The hash of the bundle that the call runs on.
    turn_id       TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    input         TEXT    NOT NULL, -- The kind: speech, silence and so on.
    utterance     TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    action_params TEXT    NOT NULL,
    content       TEXT    NOT NULL,
    interruptible BOOLEAN NOT NULL,
    flow_id       TEXT    NOT NULL,
    node_id       TEXT    NOT NULL,
    events        TEXT    NOT NULL, -- What the turn did, as JSON.
    PRIMARY KEY (instance_id, call_id, began_at, revision)
);
-- The first turn stands for the transcript when old ones are thrown away.
CREATE INDEX turns_by_age ON turns (at) WHERE revision = 1;
