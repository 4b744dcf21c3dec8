-- Lets a collection's searches use an embedder as soon as it has made a vector of every chunk; no row before that.
-- $1 collection, $2 embedder
UPDATE collections c SET embedder_id = e.id, embedder = e.name, updated_at = now() FROM embedders e
WHERE c.id = $1 AND e.id = $2 AND NOT EXISTS (
    SELECT FROM chunks k WHERE k.collection_id = c.id
      AND NOT EXISTS (SELECT FROM embeddings v WHERE v.chunk_id = k.id AND v.embedder_id = e.id))
RETURNING c.id;
