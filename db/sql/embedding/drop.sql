-- Deletes an embedder's vectors of a collection, unless its searches use them. $1 collection, $2 embedder
DELETE FROM embeddings USING collections c
WHERE c.id = $1 AND embeddings.collection_id = c.id AND embeddings.embedder_id = $2
  AND c.embedder_id IS DISTINCT FROM $2;
