-- The number of terms of each chunk, from which the statistics follow.
CREATE TABLE IF NOT EXISTS bm25_lengths (
    chunk_id bigint PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
    collection_id bigint NOT NULL,
    length integer NOT NULL
);
