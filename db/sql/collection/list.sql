-- A user's collections, or the one with this uid. $1 user id, $2 uid or null
-- returns: collections.Collection
SELECT c.uid::text AS id, c.name, c.description, c.metadata, c.language, c.embedder, c.chunking,
       CASE WHEN r.status IN ('queued', 'running', 'waiting') THEN jsonb_build_object(
           'run_id', r.uid::text, 'progress', c.reindex_progress, 'embedder', c.next_embedder) END AS reindexing,
       (SELECT count(*) FROM documents d WHERE d.collection_id = c.id) AS document_count,
       bm25_chunk_count(c.id) AS chunk_count, c.created_at, c.updated_at
FROM collections c
LEFT JOIN runs r ON r.id = c.reindex_run_id
WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.uid = $2)
ORDER BY lower(c.name), c.id;
