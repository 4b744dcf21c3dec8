-- Listing by collection, finding by content, refusing a repeated upload.
CREATE INDEX IF NOT EXISTS documents_collection ON documents (collection_id, id DESC);
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE INDEX IF NOT EXISTS documents_run ON documents (run_id);
CREATE UNIQUE INDEX IF NOT EXISTS documents_idempotency
    ON documents (collection_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
