-- Runnings of a toolchain's test cases. They belong to a definition: a version has the results of what it says, also from
-- when it was a draft. `run` is the run that does them.
CREATE TABLE IF NOT EXISTS case_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    toolchain_id text NOT NULL,
    version integer NOT NULL,
    definition_hash bytea NOT NULL REFERENCES toolchain_definitions,
    run uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
