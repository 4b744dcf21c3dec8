-- Per collection: the number of chunks and of terms, which BM25 needs of every query.
CREATE TABLE IF NOT EXISTS bm25_statistics (
    collection_id bigint PRIMARY KEY REFERENCES collections ON DELETE CASCADE,
    chunk_count bigint NOT NULL,
    term_count bigint NOT NULL
);
