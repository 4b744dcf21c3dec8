-- Providers that people connected. Without an owner it is everybody's. `secret`: the headers with the key, sealed. `prices` by
-- the provider's names of its models.
CREATE TABLE IF NOT EXISTS providers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    base_url text NOT NULL,
    secret bytea NOT NULL,
    preview text NOT NULL,
    header_names text[] NOT NULL,
    trusted boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, name)
);
ALTER TABLE providers ADD COLUMN IF NOT EXISTS prices jsonb NOT NULL DEFAULT '{}';
