-- Which of these chunks have no vector of an embedder. $1 chunk ids, $2 embedder id
SELECT k.id FROM chunks k
WHERE k.id = ANY($1) AND NOT EXISTS (SELECT FROM embeddings e WHERE e.chunk_id = k.id AND e.embedder_id = $2);
