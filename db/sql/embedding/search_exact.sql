-- Nearest chunks by cosine among all of these collections, or only of these documents: every vector is compared.
-- $1 collection ids, $2 vector, $3 limit, $4 document ids or null
WITH candidates AS MATERIALIZED (
    SELECT e.chunk_id, e.vector <=> $2 AS distance FROM embeddings e
    WHERE e.collection_id = ANY($1)
      AND ($4::bigint[] IS NULL OR e.chunk_id IN (SELECT k.id FROM chunks k WHERE k.document_id = ANY($4)))
)
SELECT chunk_id, 1 - distance AS score FROM candidates ORDER BY distance, chunk_id LIMIT $3;
