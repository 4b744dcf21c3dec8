-- Deleting documents and runs.
CREATE INDEX IF NOT EXISTS upload_keys_document ON upload_keys (document_id);
CREATE INDEX IF NOT EXISTS upload_keys_run ON upload_keys (run_id);
