-- How scripts are spoken: voices, recordings and the files they are in.

-- +goose Up
CREATE TABLE tts_configs (
    script_id   TEXT   PRIMARY KEY REFERENCES scripts (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL UNIQUE,
    voice       TEXT   NOT NULL,
    speech_rate BIGINT NOT NULL,
    volume      BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

CREATE TABLE files (
    id           TEXT   PRIMARY KEY,
    name         TEXT   NOT NULL,
    content_type TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE waveforms (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    file_id    TEXT   NOT NULL,
    file_name  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script_id, id)
);
CREATE INDEX waveforms_by_content ON waveforms (script_id, content);

-- A row stands for one text that the draft speaks.
CREATE TABLE voice_configs (
    script_id  TEXT   NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    id         TEXT   NOT NULL,
    content    TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    relation   TEXT   NOT NULL, -- JSON: the pieces of the text and the waveform of each.
    created_at BIGINT NOT NULL,
    PRIMARY KEY (script_id, id),
    UNIQUE (script_id, content)
);
