-- Results of nodes that are to be taken again. `key` is the SHA-256 of the node and its cache key; `body` is JSON as bytes.
CREATE TABLE IF NOT EXISTS step_cache (
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    key bytea NOT NULL,
    body bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
