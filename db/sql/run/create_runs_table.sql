-- Runs of toolchains. `heartbeat_at` is set by the process that carries a run; when it grows old, another takes it over.
CREATE TABLE IF NOT EXISTS runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    scopes text[],
    thread_id uuid NOT NULL,
    toolchain_id text NOT NULL,
    toolchain_version integer NOT NULL,
    definition_hash bytea NOT NULL REFERENCES toolchain_definitions,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'dead')),
    input jsonb NOT NULL,
    output jsonb,
    error jsonb,
    attempts integer NOT NULL DEFAULT 0,
    cancel_requested boolean NOT NULL DEFAULT false,
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    heartbeat_at timestamptz,
    finished_at timestamptz
);
