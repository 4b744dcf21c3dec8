-- Lets searches see segments. $1 segment ids
UPDATE bm25_segments SET live = true WHERE id = ANY($1);
