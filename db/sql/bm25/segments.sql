-- The chunks of segments. $1 segment ids
SELECT id, collection_id, language, ids, lengths FROM bm25_segments WHERE id = ANY($1);
