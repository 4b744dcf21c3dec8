-- Takes deletions away. $1 deletion ids
DELETE FROM bm25_deletions WHERE id = ANY($1);
