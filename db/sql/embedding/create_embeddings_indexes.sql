-- m and ef_construction are pgvector's defaults; exact scans of small collections need the second index.
CREATE INDEX IF NOT EXISTS embeddings_vector ON embeddings USING hnsw (vector halfvec_cosine_ops)
    WITH (m = 16, ef_construction = 64);
CREATE INDEX IF NOT EXISTS embeddings_collection ON embeddings (collection_id);
