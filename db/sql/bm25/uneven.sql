-- Collections of which another number of chunks can be found by words than they have.
SELECT c.id AS collection_id FROM collections c
JOIN (
    SELECT k.collection_id, count(*) AS chunk_count FROM chunks k JOIN documents d ON d.id = k.document_id
    WHERE d.indexed_at IS NOT NULL GROUP BY k.collection_id
) k ON k.collection_id = c.id
WHERE k.chunk_count <> bm25_chunk_count(c.id)
ORDER BY c.id;
