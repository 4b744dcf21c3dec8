-- What came of each case; those that have not begun are `queued`. `number` is the case's place among the toolchain's tests.
CREATE TABLE IF NOT EXISTS case_results (
    case_run_id bigint NOT NULL REFERENCES case_runs ON DELETE CASCADE,
    number integer NOT NULL,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'passed', 'failed')),
    run uuid,
    duration_ms double precision,
    error jsonb,
    checks jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (case_run_id, number)
);
