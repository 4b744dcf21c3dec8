-- Newer contents of documents that can be searched already, on their way. A document takes its row's values when all of
-- it is there.
CREATE TABLE IF NOT EXISTS document_updates (
    document_id bigint PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    run_id bigint REFERENCES runs ON DELETE SET NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    metadata jsonb NOT NULL,
    origin jsonb NOT NULL,
    stage text,
    progress double precision NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
