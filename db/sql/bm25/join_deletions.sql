-- Makes one of deletions, which names only these chunks; none in a collection without live segments.
-- $1 collection id, $2 deletion ids, $3 chunk ids
WITH gone AS (DELETE FROM bm25_deletions WHERE id = ANY($2) RETURNING deletions)
INSERT INTO bm25_deletions (collection_id, chunk_ids, deletions)
SELECT $1, $3, sum(deletions) FROM gone
HAVING count(*) > 0 AND EXISTS (SELECT FROM bm25_segments WHERE collection_id = $1 AND live);
