-- The row of a segment once more, not live yet; its pages follow. $1 segment id
INSERT INTO bm25_segments (collection_id, language, live, chunk_count, ids, lengths, created_at)
SELECT collection_id, language, false, chunk_count, ids, lengths, created_at FROM bm25_segments WHERE id = $1 AND live
RETURNING id;
