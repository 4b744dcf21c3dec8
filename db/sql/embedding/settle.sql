-- Puts some vectors of a collection into the graph when more of them are outside than are worth comparing one by one.
-- $1 collection, $2 embedder, $3 so many may stay outside, $4 at most so many at once
WITH outside AS (
    SELECT chunk_id FROM embeddings WHERE collection_id = $1 AND embedder_id = $2 AND NOT in_graph LIMIT $3 + 1
), taken AS (
    SELECT chunk_id FROM embeddings
    WHERE collection_id = $1 AND embedder_id = $2 AND NOT in_graph AND (SELECT count(*) FROM outside) > $3
    LIMIT $4 FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE embeddings e SET in_graph = true FROM taken t WHERE e.chunk_id = t.chunk_id AND e.embedder_id = $2 RETURNING 1
)
SELECT count(*) AS moved FROM moved;
