-- Who may do what: instances, keys, policies, and who did what.

-- +goose Up
CREATE TABLE instances (
    id             TEXT   PRIMARY KEY,
    name           TEXT   NOT NULL UNIQUE,
    description    TEXT   NOT NULL,
    max_calls      BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE INDEX instances_by_age ON instances (created_at DESC, id);

CREATE TABLE policies (
    name       TEXT   PRIMARY KEY,
    document   TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

INSERT INTO policies (name, document, created_at) VALUES
    ('AliyunOutboundbotFullAccess',
     '{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:*","Resource":"*"}]}', 0),
    ('AliyunOutboundbotReadOnlyAccess',
     '{"Version":"1","Statement":[{"Effect":"Allow","Action":["outboundbot:Get*","outboundbot:List*","outboundbot:Describe*","outboundbot:Query*","outboundbot:Download*","outboundbot:Export*"],"Resource":"*"}]}', 0);

CREATE TABLE access_keys (
    id          TEXT    PRIMARY KEY,
    secret      TEXT    NOT NULL,
    policy      TEXT    NOT NULL REFERENCES policies (name),
    description TEXT    NOT NULL,
    enabled     BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);

CREATE TABLE audit (
    request_id  TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    key_id      TEXT   NOT NULL,
    action      TEXT   NOT NULL,
    instance_id TEXT   NOT NULL,
    target      TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    PRIMARY KEY (at, request_id)
);

CREATE TABLE resource_tags (
    resource_type TEXT NOT NULL,
    resource_id   TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    tag_key       TEXT NOT NULL,
    tag_value     TEXT NOT NULL,
    PRIMARY KEY (resource_id, resource_type, tag_key)
);

CREATE TABLE outbound_numbers (
    id                TEXT   PRIMARY KEY,
    instance_id       TEXT   NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    number            TEXT   NOT NULL,
    rate_limit_count  BIGINT NOT NULL,
    rate_limit_period BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    UNIQUE (instance_id, number)
);
CREATE INDEX outbound_numbers_by_age ON outbound_numbers (instance_id, created_at DESC, id);
