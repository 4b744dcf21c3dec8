-- The caller's collections among these, or all of the caller's. $1 user id, $2 uids or null
SELECT c.id, c.uid, c.language, c.embedder, coalesce(s.chunk_count, 0) AS chunk_count
FROM collections c LEFT JOIN bm25_statistics s ON s.collection_id = c.id
WHERE c.user_id = $1 AND ($2::uuid[] IS NULL OR c.uid = ANY($2));
