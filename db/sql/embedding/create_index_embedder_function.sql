-- Makes the nearest-neighbour graph of an embedder where it is not there: an HNSW index over its rows alone, with the
-- length that they have (pgvector: "Can I store vectors with different dimensions in the same column?"). m and
-- ef_construction are pgvector's defaults. Beyond 4000 dimensions pgvector indexes no halfvec.
CREATE OR REPLACE FUNCTION index_embedder(embedder integer, dimensions integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF dimensions <= 4000 AND to_regclass(format('embeddings_graph_%s', embedder)) IS NULL THEN
        EXECUTE format(
            'CREATE INDEX embeddings_graph_%1$s ON embeddings USING hnsw ((vector::halfvec(%2$s)) halfvec_cosine_ops) '
            'WITH (m = 16, ef_construction = 64) WHERE embedder_id = %1$s AND in_graph', embedder, dimensions);
    END IF;
END $$;
