-- Chunks that were indexed together. A row never changes but for coming to live; what has been deleted since lies in
-- bm25_deletions. `ids`: ascending, `lengths`: in terms (db/bm25/segments.py). The store of earlier versions had a row a
-- posting; what it held is made anew from the chunks.
DROP TABLE IF EXISTS bm25_postings, bm25_lengths, bm25_statistics;
DROP FUNCTION IF EXISTS bm25_count_added(), bm25_count_deleted(), bm25_terms(regconfig, text);
CREATE TABLE IF NOT EXISTS bm25_segments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    language text NOT NULL,
    live boolean NOT NULL,
    chunk_count integer NOT NULL,
    ids bytea NOT NULL,
    lengths bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE bm25_segments ALTER COLUMN ids SET STORAGE EXTERNAL, ALTER COLUMN lengths SET STORAGE EXTERNAL;
