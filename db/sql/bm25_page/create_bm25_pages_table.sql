-- The postings of a segment, some terms a page; the first page begins with the empty term (db/bm25/pages.py).
CREATE TABLE IF NOT EXISTS bm25_pages (
    segment_id bigint NOT NULL REFERENCES bm25_segments ON DELETE CASCADE,
    first_term text COLLATE "C" NOT NULL,
    postings bytea NOT NULL,
    positions bytea NOT NULL,
    PRIMARY KEY (segment_id, first_term)
);
-- They are as small as they get: compressing them again would only cost time.
ALTER TABLE bm25_pages ALTER COLUMN postings SET STORAGE EXTERNAL, ALTER COLUMN positions SET STORAGE EXTERNAL;
