-- Which chunk holds which term how often; `length` is the chunk's number of terms, kept here so that scoring reads
-- the index alone.
CREATE TABLE IF NOT EXISTS bm25_postings (
    collection_id bigint NOT NULL,
    term text NOT NULL,
    chunk_id bigint NOT NULL REFERENCES chunks ON DELETE CASCADE,
    frequency integer NOT NULL,
    length integer NOT NULL,
    PRIMARY KEY (collection_id, term, chunk_id) INCLUDE (frequency, length)
);
