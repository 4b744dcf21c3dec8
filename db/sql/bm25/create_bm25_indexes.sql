-- What a search looks at first.
CREATE INDEX IF NOT EXISTS bm25_segments_collection ON bm25_segments (collection_id);
CREATE INDEX IF NOT EXISTS bm25_deletions_collection ON bm25_deletions (collection_id);
