-- Chunks of a collection that an embedder has made no vector of, by id. $1 collection, $2 embedder, $3 behind this
-- chunk, $4 limit, $5 only of this document or null
SELECT k.id, k.text FROM chunks k
WHERE k.collection_id = $1 AND k.id > $3 AND ($5::bigint IS NULL OR k.document_id = $5)
  AND NOT EXISTS (SELECT FROM embeddings e WHERE e.chunk_id = k.id AND e.embedder_id = $2)
ORDER BY k.id LIMIT $4;
