-- Says that a document has pages and passages, which the transaction adds; no row when it has them already, or is gone, or
-- its collection is of another generation, or a reindexing has begun or its searches have changed over to another embedder
-- since. Gives as many ids for the passages, so that they and their vectors can be copied in without asking for each. What
-- follows in the transaction goes by keys and is planned once for any values.
-- $1 document id, $2 page count, $3 chunk count, $4 generation, $5 warnings, $6 reindexing run or null, $7 embedder or null
WITH wanted AS (
    SELECT c.id FROM collections c JOIN documents d ON d.collection_id = c.id
    WHERE d.id = $1 AND c.generation = $4 AND c.reindex_run_id IS NOT DISTINCT FROM $6
      AND ($7::integer IS NULL OR c.embedder_id = $7) FOR SHARE OF c
)
UPDATE documents d SET words_at = now(), page_count = $2, chunk_count = $3, generation = $4, warnings = $5
FROM wanted w, set_config('plan_cache_mode', 'force_generic_plan', true)
WHERE d.id = $1 AND d.words_at IS NULL AND d.collection_id = w.id
RETURNING ARRAY(SELECT nextval(pg_get_serial_sequence('chunks', 'id')) FROM generate_series(1, $3)) AS ids;
