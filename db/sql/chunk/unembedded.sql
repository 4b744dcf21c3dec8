-- The passages of a document that have no vector, the shortest first, as those of like length are embedded together.
-- $1 document id
SELECT k.id, k.text, k.token_count FROM chunks k
WHERE k.document_id = $1 AND NOT EXISTS (SELECT FROM embeddings e WHERE e.chunk_id = k.id)
ORDER BY k.token_count, k.id;
