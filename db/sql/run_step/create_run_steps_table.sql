-- What the steps of runs gave, in order. `body` is JSON as bytes: the result, and the writes to the state.
-- `shared` says that the writes are to the run's own state, not to that of a map's element or another toolchain within it.
CREATE TABLE IF NOT EXISTS run_steps (
    run_id bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
    sequence integer NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    shared boolean NOT NULL,
    body bytea NOT NULL,
    duration_ms double precision,
    at timestamptz NOT NULL,
    PRIMARY KEY (run_id, sequence)
);
