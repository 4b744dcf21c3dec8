-- A vector per chunk: 384 halves, the length that all-MiniLM-L6-v2 gives.
CREATE TABLE IF NOT EXISTS embeddings (
    chunk_id bigint PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
    collection_id bigint NOT NULL,
    vector halfvec(384) NOT NULL
);
