-- Adds the postings of a document's chunks, in the language of their collection. $1 document id
WITH terms AS MATERIALIZED (
    SELECT k.id AS chunk_id, k.collection_id, t.term, t.frequency,
           coalesce(sum(t.frequency) OVER (PARTITION BY k.id), 0) AS length
    FROM chunks k
    JOIN collections c ON c.id = k.collection_id
    LEFT JOIN LATERAL bm25_terms(c.language::regconfig, k.text) t ON true
    WHERE k.document_id = $1
), lengths AS (
    INSERT INTO bm25_lengths (chunk_id, collection_id, length)
    SELECT DISTINCT chunk_id, collection_id, length FROM terms
)
INSERT INTO bm25_postings (collection_id, term, chunk_id, frequency, length)
SELECT collection_id, term, chunk_id, frequency, length FROM terms WHERE term IS NOT NULL;
