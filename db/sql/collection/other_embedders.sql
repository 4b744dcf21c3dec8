-- Embedders of which a collection has vectors that its searches do not use. $1 id
SELECT e.id FROM embedders e JOIN collections c ON c.id = $1
WHERE e.id <> c.embedder_id
  AND EXISTS (SELECT FROM embeddings v WHERE v.collection_id = c.id AND v.embedder_id = e.id);
