-- The caller's collections among these, or all of the caller's. $1 user id, $2 uids or null
SELECT c.id, c.uid, c.language, c.embedder, bm25_chunk_count(c.id) AS chunk_count
FROM collections c
WHERE c.user_id = $1 AND ($2::uuid[] IS NULL OR c.uid = ANY($2));
