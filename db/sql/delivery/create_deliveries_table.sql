-- What came of the last times that schedules and webhooks were to start a run: the run, or why there is none.
CREATE TABLE IF NOT EXISTS deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule bigint REFERENCES schedules ON DELETE CASCADE,
    webhook bigint REFERENCES webhooks ON DELETE CASCADE,
    run uuid,
    error jsonb,
    at timestamptz NOT NULL,
    CHECK ((schedule IS NULL) <> (webhook IS NULL))
);
