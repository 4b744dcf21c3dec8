-- What was asked of models, summed by hour. `api_key` is null for log-ins; it stays when the key has gone.
CREATE TABLE IF NOT EXISTS usage_hours (
    hour timestamptz NOT NULL,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    api_key uuid,
    model text NOT NULL,
    requests bigint NOT NULL,
    failed bigint NOT NULL,
    estimated bigint NOT NULL,
    tokens_in bigint NOT NULL,
    tokens_out bigint NOT NULL,
    tokens_cached bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (hour, user_id, api_key, model)
);
