-- Bundles that nothing needs any more are deleted, a while after that was seen.

-- +goose Up
ALTER TABLE bundles ADD COLUMN unneeded_since BIGINT NOT NULL DEFAULT 0; -- 0: needed, for all that is known.

-- An archive may be long, so who looks for bundles must find all in the index.
CREATE INDEX bundles_by_need ON bundles (unneeded_since, hash);
CREATE INDEX scripts_by_review ON scripts (review_hash) WHERE review_hash IS NOT NULL;
CREATE INDEX turns_by_version ON turns (version) WHERE revision = 1;
