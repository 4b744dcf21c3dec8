-- What happens in runs, in order.
CREATE TABLE IF NOT EXISTS run_events (
    run_id bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
    sequence integer NOT NULL,
    event text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (run_id, sequence)
);
