-- The caller's collections among these, or all of the caller's. $1 user id, $2 uids or null
SELECT c.id, c.uid, c.language, coalesce(e.name, c.embedder) AS embedder, c.embedder_id, e.dimensions,
       coalesce((SELECT greatest(g.reltuples, 0)::bigint FROM pg_class g
                 WHERE g.oid = to_regclass('embeddings_graph_' || e.id)), 0) AS in_graph,
       bm25_chunk_count(c.id) AS chunk_count,
       bm25_deletion_count(c.id) AS deletions
FROM collections c LEFT JOIN embedders e ON e.id = c.embedder_id
WHERE c.user_id = $1 AND ($2::uuid[] IS NULL OR c.uid = ANY($2))
ORDER BY c.id;
