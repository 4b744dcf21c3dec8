-- Puts all of an embedder's vectors into a graph that is made anew: several times faster than one by one, but whoever
-- writes vectors meanwhile waits.
CREATE OR REPLACE FUNCTION rebuild_graph(embedder integer) RETURNS void LANGUAGE plpgsql
SET maintenance_work_mem = '512MB' AS $$
BEGIN
    EXECUTE format('DROP INDEX IF EXISTS embeddings_graph_%s', embedder);
    UPDATE embeddings SET in_graph = true WHERE embedder_id = embedder AND NOT in_graph;
    PERFORM index_embedder(id, e.dimensions) FROM embedders e WHERE e.id = embedder;
END $$;
