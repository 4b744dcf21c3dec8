-- Vectors that an embedder has made of equal texts in the caller's collections. $1 user id, $2 embedder, $3 text hashes
SELECT DISTINCT ON (k.text_hash) k.text_hash, e.vector
FROM chunks k JOIN collections c ON c.id = k.collection_id AND c.user_id = $1
JOIN embeddings e ON e.chunk_id = k.id AND e.embedder_id = $2
WHERE k.text_hash = ANY($3);
