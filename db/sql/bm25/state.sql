-- What a search is to read: the segments, and what has been deleted since. Neither ever changes under its id.
-- $1 collection ids
SELECT id, false AS deletion FROM bm25_segments WHERE collection_id = ANY($1) AND live
UNION ALL
SELECT id, true FROM bm25_deletions WHERE collection_id = ANY($1);
