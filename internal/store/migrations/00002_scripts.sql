-- Scripts as people edit them, and what was published of them. The ids of
-- flows, intents, questions and tags are the author's: definitions name them,
-- and a bundle that is imported brings its own, so they are unique in a script.
-- Position keeps the order in which things were made or imported, also where
-- the clock saw no difference. What may be long stands last in a row: SQLite
-- reads a row from its beginning, and no further than it must.

-- +goose Up
CREATE TABLE scripts (
    id               TEXT    PRIMARY KEY,
    instance_id      TEXT    NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    name             TEXT    NOT NULL,
    industry         TEXT    NOT NULL,
    scene            TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    -- The members of a bundle that have no column, as JSON: of script.json itself
    -- and, by id, of what is listed in it.
    extra            TEXT    NOT NULL,
    revision         BIGINT  NOT NULL, -- Of the draft: counts its edits.
    status           TEXT    NOT NULL,
    debug_status     TEXT    NOT NULL,
    is_drafted       BOOLEAN NOT NULL,
    is_debug_drafted BOOLEAN NOT NULL,
    applied_version  BIGINT  NOT NULL, -- 0: none.
    debug_version    BIGINT  NOT NULL, -- 0: none.
    review_hash      BYTEA,            -- The bundle that is in review.
    review_revision  BIGINT  NOT NULL, -- The draft it was made of.
    review_remark    TEXT    NOT NULL,
    reject_reason    TEXT    NOT NULL,
    created_at       BIGINT  NOT NULL,
    updated_at       BIGINT  NOT NULL,
    UNIQUE (instance_id, name)
);
CREATE INDEX scripts_by_age ON scripts (instance_id, created_at DESC, id);
CREATE INDEX scripts_by_status ON scripts (instance_id, status, created_at DESC, id);

CREATE TABLE flows (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    definition TEXT   NOT NULL, -- Byte for byte as it was given.
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, name)
);
CREATE INDEX flows_by_age ON flows (script_id, created_at DESC, id);
CREATE UNIQUE INDEX flows_one_main ON flows (script_id) WHERE type = 'MainFlow';

CREATE TABLE intents (
    script_id       TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id              TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    position        BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    utterance_count BIGINT NOT NULL,
    searched        TEXT   NOT NULL, -- The keywords in lower case, a line each: what lists are filtered by.
    description     TEXT   NOT NULL,
    keywords        TEXT   NOT NULL, -- A JSON array of strings.
    utterances      TEXT   NOT NULL, -- A JSON array of strings.
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, name)
);
CREATE INDEX intents_by_age ON intents (script_id, created_at DESC, id);

CREATE TABLE questions (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    questions  TEXT   NOT NULL, -- A JSON array of strings.
    answers    TEXT   NOT NULL, -- A JSON array of strings.
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, name)
);
CREATE INDEX questions_by_age ON questions (script_id, created_at DESC, id);

CREATE TABLE tag_groups (
    script_id TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id        TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    position  BIGINT NOT NULL,
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, name)
);

CREATE TABLE tags (
    script_id  TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    group_name TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, group_name, name),
    FOREIGN KEY (script_id, group_name) REFERENCES tag_groups (script_id, name) ON DELETE CASCADE ON UPDATE CASCADE
);

-- What was published, by the hash of its content. A call is pinned to a hash,
-- so a bundle outlives its script.
CREATE TABLE bundles (
    hash       BYTEA  PRIMARY KEY,
    archive    BYTEA  NOT NULL, -- A zip of script.json and the flow files.
    created_at BIGINT NOT NULL
);

CREATE TABLE versions (
    script_id    TEXT    NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    version      BIGINT  NOT NULL, -- When it was published, made unique.
    instance_id  TEXT    NOT NULL, -- The script's.
    debug        BOOLEAN NOT NULL,
    hash         BYTEA   NOT NULL REFERENCES bundles (hash),
    revision     BIGINT  NOT NULL, -- Of the draft it was made of.
    remark       TEXT    NOT NULL,
    published_at BIGINT  NOT NULL,
    PRIMARY KEY (script_id, version)
);
CREATE INDEX versions_by_hash ON versions (hash);
CREATE INDEX versions_by_script ON versions (script_id, debug, version DESC);
CREATE INDEX versions_by_instance ON versions (instance_id, debug, version DESC, script_id);
