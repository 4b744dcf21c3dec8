-- Finding by content and by run.
CREATE INDEX IF NOT EXISTS document_updates_sha256 ON document_updates (sha256);
CREATE INDEX IF NOT EXISTS document_updates_run ON document_updates (run_id);
