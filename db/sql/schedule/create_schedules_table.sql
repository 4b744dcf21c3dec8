-- Runs by the clock. `scopes` are those of whoever wrote the schedule last: its runs may do no more. `toolchain` is null
-- for one that ships with the product; the user's own take their schedules with them.
CREATE TABLE IF NOT EXISTS schedules (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    toolchain bigint REFERENCES toolchains ON DELETE CASCADE,
    toolchain_id text NOT NULL,
    title text NOT NULL,
    cron text NOT NULL,
    time_zone text NOT NULL,
    input jsonb NOT NULL,
    scopes text[],
    enabled boolean NOT NULL DEFAULT true,
    next_at timestamptz,
    last_at timestamptz,
    last_run uuid,
    last_error jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
);
