-- Begins a reindexing, unless one is under way. $1 user id, $2 uid, $3 chunking or null, $4 embedder or null, $5 language or
-- null, $6 whether documents are cut anew, $7 run uid
UPDATE collections c SET chunking = coalesce($3, chunking), next_embedder = $4, language = coalesce($5, language),
       generation = generation + $6::boolean::integer, reindex_progress = 0,
       reindex_run_id = (SELECT r.id FROM runs r WHERE r.uid = $7), updated_at = now()
WHERE c.user_id = $1 AND c.uid = $2
  AND NOT EXISTS (SELECT FROM runs r WHERE r.id = c.reindex_run_id AND r.status IN ('queued', 'running', 'waiting'))
RETURNING c.id;
