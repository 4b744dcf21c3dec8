-- Listing, refusing repeats, finding what a dead process left, whose turn it is, and what wakes up.
CREATE INDEX IF NOT EXISTS runs_user ON runs (user_id, id DESC);
CREATE INDEX IF NOT EXISTS runs_live ON runs (heartbeat_at) WHERE status IN ('queued', 'running');
CREATE INDEX IF NOT EXISTS runs_open ON runs (user_id, thread_id) WHERE status IN ('queued', 'running', 'waiting');
DROP INDEX IF EXISTS runs_queued;
CREATE INDEX IF NOT EXISTS runs_in_queue ON runs (user_id, toolchain_id, priority DESC, id) WHERE status = 'queued';
CREATE INDEX IF NOT EXISTS runs_at_work ON runs (user_id, toolchain_id) WHERE status = 'running';
CREATE INDEX IF NOT EXISTS runs_wake ON runs (wake_at) WHERE status = 'waiting';
CREATE INDEX IF NOT EXISTS runs_finished ON runs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS runs_idempotency ON runs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS runs_document ON runs ((input ->> 'document_id')) WHERE toolchain_id = 'ingest_document';
