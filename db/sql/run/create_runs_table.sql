-- Runs of toolchains. `heartbeat_at` is set by the process that carries a run; when it grows old, another takes it over.
-- `epoch` counts the pick-ups: whoever carries an older one writes nothing more. `attempts` counts those since the run
-- last paused. A thread's values are read from `base_thread` as they were at `base_sequence`. `api_key` is the key's
-- id that it was asked for with: what its models use is counted for that key too. `pinned`: results by node that are taken as
-- they stand; with `only_node` that one is done on them and nothing else, in `only_round` when it lies within others.
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
ALTER TABLE runs
    ADD COLUMN IF NOT EXISTS epoch integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS priority smallint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS concurrency integer,
    ADD COLUMN IF NOT EXISTS exclusive boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS keep_thread boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS pauses jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS waiting_since timestamptz,
    ADD COLUMN IF NOT EXISTS wake_at timestamptz,
    ADD COLUMN IF NOT EXISTS paused_ms double precision NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS time jsonb,
    ADD COLUMN IF NOT EXISTS base_thread uuid,
    ADD COLUMN IF NOT EXISTS base_sequence bigint,
    ADD COLUMN IF NOT EXISTS forked_from text,
    ADD COLUMN IF NOT EXISTS api_key uuid,
    ADD COLUMN IF NOT EXISTS pinned jsonb,
    ADD COLUMN IF NOT EXISTS only_node text,
    ADD COLUMN IF NOT EXISTS only_round jsonb;
