-- How much may be asked of models. `subject`: a user's name, an API key's id, a model; empty for each user.
CREATE TABLE IF NOT EXISTS usage_limits (
    kind text NOT NULL,
    subject text NOT NULL,
    requests_per_minute bigint,
    tokens_per_minute bigint,
    tokens_per_day bigint,
    concurrent_requests bigint,
    PRIMARY KEY (kind, subject)
);
