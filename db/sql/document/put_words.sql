-- Says that a document has pages and passages, which the transaction adds; no row when it has them already, or is gone.
-- $1 document id, $2 page count, $3 chunk count, $4 generation, $5 warnings
UPDATE documents SET words_at = now(), page_count = $2, chunk_count = $3, generation = $4, warnings = $5
WHERE id = $1 AND words_at IS NULL
RETURNING id;
