-- Chunks that are gone and that segments may still hold, a row a deletion, or several that were made one: `deletions`
-- says how many. Its sum in a collection grows with every deletion and stays when rows are made one; it begins anew when
-- there is nothing left to be found.
CREATE TABLE IF NOT EXISTS bm25_deletions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    chunk_ids bigint[] NOT NULL,
    chunk_count integer NOT NULL GENERATED ALWAYS AS (cardinality(chunk_ids)) STORED
);
-- Homes that were made before it had this column.
ALTER TABLE bm25_deletions ADD COLUMN IF NOT EXISTS deletions bigint NOT NULL DEFAULT 1;
