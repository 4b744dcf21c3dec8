-- Takes segments away; their pages go with them. $1 segment ids
DELETE FROM bm25_segments WHERE id = ANY($1) AND live RETURNING id;
