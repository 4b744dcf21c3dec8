-- Keys by which a repeated upload is known, each with the content that came with it (SHA-256) and what became of that.
CREATE TABLE IF NOT EXISTS upload_keys (
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    key text NOT NULL,
    sha256 bytea NOT NULL,
    document_id bigint REFERENCES documents ON DELETE CASCADE,
    run_id bigint REFERENCES runs ON DELETE SET NULL,
    PRIMARY KEY (collection_id, key)
);
-- Homes from when a document remembered the key of its first upload alone.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'documents'::regclass AND attname = 'idempotency_key'
                                          AND NOT attisdropped) THEN
        INSERT INTO upload_keys (collection_id, key, sha256, document_id, run_id)
        SELECT collection_id, idempotency_key, sha256, id, run_id FROM documents WHERE idempotency_key IS NOT NULL
        ON CONFLICT DO NOTHING;
        ALTER TABLE documents DROP COLUMN idempotency_key;
    END IF;
END $$;
