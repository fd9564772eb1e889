-- How scripts are spoken: recordings, and the files they are in. The voice of a
-- script is a member of its bundle: scripts.extra.

-- +goose Up
-- What a server signs with, so that its signatures hold after a restart and on
-- every other server of the database.
CREATE TABLE secrets (
    name  TEXT  PRIMARY KEY,
    value BYTEA NOT NULL
);

-- The bytes of a file are elsewhere, under its id.
CREATE TABLE files (
    id           TEXT   PRIMARY KEY,
    name         TEXT   NOT NULL,
    content_type TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    instance_id  TEXT   NOT NULL, -- The one that used it first; no other may. '': none yet.
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL  -- Swept afterwards, unless a waveform is made of it.
);
CREATE INDEX files_by_end ON files (expires_at);

-- Texts may be longer than an index takes, so they are found by their SHA-256.
CREATE TABLE waveforms (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    digest     BYTEA  NOT NULL, -- Of the content.
    file_id    TEXT   NOT NULL REFERENCES files (id),
    file_name  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script_id, id)
);
CREATE INDEX waveforms_by_content ON waveforms (script_id, digest, created_at DESC, id);
CREATE INDEX waveforms_by_file ON waveforms (file_id);

-- A row stands for one text that the draft speaks.
CREATE TABLE voice_configs (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    digest     BYTEA  NOT NULL, -- Of the content.
    source     TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, digest)
);
CREATE INDEX voice_configs_by_age ON voice_configs (script_id, created_at DESC, id);

-- What a recorded text is put together from, in order.
CREATE TABLE voice_pieces (
    script_id   TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    config_id   TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    content     TEXT   NOT NULL,
    waveform_id TEXT, -- NULL: a variable, which is synthesised.
    PRIMARY KEY (script_id, config_id, position),
    FOREIGN KEY (script_id, config_id) REFERENCES voice_configs (script_id, id) ON DELETE CASCADE,
    FOREIGN KEY (script_id, waveform_id) REFERENCES waveforms (script_id, id)
);
CREATE INDEX voice_pieces_by_waveform ON voice_pieces (script_id, waveform_id);
