-- A user's runnings of a toolchain's cases, those of one definition, and that which a run does.
CREATE INDEX IF NOT EXISTS case_runs_toolchain ON case_runs (user_id, toolchain_id, id DESC);
CREATE INDEX IF NOT EXISTS case_runs_definition ON case_runs (user_id, definition_hash, id DESC);
CREATE INDEX IF NOT EXISTS case_runs_run ON case_runs (run);
