-- Addresses that start runs. Only the SHA-256 of a secret is kept: it has 256 random bits. `scopes` are those of whoever
-- made it: its runs may do no more. `toolchain` is null for one that ships with the product; the user's own take their
-- webhooks with them.
CREATE TABLE IF NOT EXISTS webhooks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    toolchain bigint REFERENCES toolchains ON DELETE CASCADE,
    toolchain_id text NOT NULL,
    title text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz,
    last_run uuid
);
