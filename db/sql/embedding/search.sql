-- Nearest chunks by cosine through the HNSW index. $1 collection ids, $2 vector, $3 limit
SELECT chunk_id, 1 - (vector <=> $2) AS score FROM embeddings
WHERE collection_id = ANY($1)
ORDER BY vector <=> $2 LIMIT $3;
