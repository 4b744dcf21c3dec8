-- The live segments of at least so many chunks. $1 chunks
SELECT id FROM bm25_segments WHERE live AND chunk_count >= $1 ORDER BY id;
