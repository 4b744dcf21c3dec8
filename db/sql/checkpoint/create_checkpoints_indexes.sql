-- Deleting what a run left.
CREATE INDEX IF NOT EXISTS checkpoints_run ON checkpoints ((metadata ->> 'run_id')) WHERE metadata ->> 'run_id' IS NOT NULL;
