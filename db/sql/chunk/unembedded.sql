-- Passages of a document that have no vector of an embedder, the shortest first, as those of like length are embedded
-- together. $1 document id, $2 embedder id, $3 limit
SELECT k.id, k.text, k.text_hash FROM chunks k
WHERE k.document_id = $1
  AND NOT EXISTS (SELECT FROM embeddings e WHERE e.chunk_id = k.id AND e.embedder_id = $2)
ORDER BY k.token_count, k.id LIMIT $3;
