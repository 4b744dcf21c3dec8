-- Notes chunks that are gone. $1 collection id, $2 chunk ids
INSERT INTO bm25_deletions (collection_id, chunk_ids) VALUES ($1, $2);
