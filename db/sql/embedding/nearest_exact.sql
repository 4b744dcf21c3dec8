-- Nearest chunks, every vector compared. $1 embedder, $2 collections, $3 vector, $4 limit, $5 documents or null,
-- $6 chunks or null, $7 barred chunks or null
SELECT chunk_id, score FROM nearest_exact($1, $2, $3, $4, $5, $6, $7);
