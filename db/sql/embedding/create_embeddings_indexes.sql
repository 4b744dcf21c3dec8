-- Exact scans of a collection, all of it or what the graph lacks. The graphs are made per embedder; here are those that
-- a database from before embedders lacks.
CREATE INDEX IF NOT EXISTS embeddings_collection_embedder ON embeddings (collection_id, embedder_id);
CREATE INDEX IF NOT EXISTS embeddings_outside_graph ON embeddings (collection_id, embedder_id) WHERE NOT in_graph;
SELECT index_embedder(id, dimensions) FROM embedders;
