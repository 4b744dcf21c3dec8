-- Chunks that are gone and that segments may still hold, a row a deletion.
CREATE TABLE IF NOT EXISTS bm25_deletions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    chunk_ids bigint[] NOT NULL,
    chunk_count integer NOT NULL GENERATED ALWAYS AS (cardinality(chunk_ids)) STORED
);
