-- Adds a segment; its pages follow.
-- $1 collection id, $2 language, $3 whether it is live, $4 chunk count, $5 ids, $6 lengths
INSERT INTO bm25_segments (collection_id, language, live, chunk_count, ids, lengths)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;
