-- Collections of which another number of chunks can be found by words than they have.
SELECT c.id AS collection_id FROM collections c
JOIN (SELECT collection_id, count(*) AS chunk_count FROM chunks GROUP BY collection_id) k ON k.collection_id = c.id
WHERE k.chunk_count <> bm25_chunk_count(c.id)
ORDER BY c.id;
