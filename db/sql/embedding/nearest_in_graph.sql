-- Nearest chunks through the graph. $1 embedder, $2 its dimensions, $3 collections, $4 vector, $5 limit,
-- $6 documents or null, $7 chunks or null, $8 barred chunks or null
SELECT chunk_id, score FROM nearest_in_graph($1, $2, $3, $4, $5, $6, $7, $8);
