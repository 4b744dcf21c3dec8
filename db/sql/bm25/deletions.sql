-- The chunks that deletions name. $1 deletion ids
SELECT id, collection_id, chunk_ids FROM bm25_deletions WHERE id = ANY($1);
