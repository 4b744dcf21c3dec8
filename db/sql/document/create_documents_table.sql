-- Files. Their bytes lie in the object store under their SHA-256.
CREATE TABLE IF NOT EXISTS documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    run_id bigint REFERENCES runs ON DELETE SET NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    stage text,
    progress double precision NOT NULL DEFAULT 0,
    page_count integer NOT NULL DEFAULT 0,
    chunk_count integer NOT NULL DEFAULT 0,
    metadata jsonb NOT NULL DEFAULT '{}',
    idempotency_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    indexed_at timestamptz
);
