-- Says that a collection uses the embedder that it changed to. $1 id, $2 embedder
UPDATE collections SET embedder = coalesce($2, embedder), next_embedder = NULL, reindex_progress = 1 WHERE id = $1;
