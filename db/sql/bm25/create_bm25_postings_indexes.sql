-- Deleting a chunk.
CREATE INDEX IF NOT EXISTS bm25_postings_chunk ON bm25_postings (chunk_id);
