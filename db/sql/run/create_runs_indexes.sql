-- Listing, refusing repeats, and finding what a dead process left.
CREATE INDEX IF NOT EXISTS runs_user ON runs (user_id, id DESC);
CREATE INDEX IF NOT EXISTS runs_live ON runs (heartbeat_at) WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX IF NOT EXISTS runs_idempotency ON runs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
