-- The nearest of an embedder's chunks by cosine: those in its graph are found by walking it, the others compared one by
-- one. Limits as in nearest_exact. The statement is made here because an index over vectors of a certain length is only
-- used by expressions that name the length; what it is made of are two integers.
CREATE OR REPLACE FUNCTION nearest_in_graph(
    embedder integer, dimensions integer, collections bigint[], query halfvec, most integer, of_documents bigint[],
    of_chunks bigint[], barred bigint[]
) RETURNS TABLE (chunk_id bigint, score float8) LANGUAGE plpgsql AS $$
BEGIN
    -- So many candidates are kept that recall stays above .98 where vectors lie close (docs/performance.md), and at least
    -- a hundred are found: with a filter the walk goes on until they are.
    PERFORM set_config('hnsw.ef_search', greatest(400, least(most, 1000))::text, true);
    RETURN QUERY EXECUTE format(
        'WITH walked AS MATERIALIZED (
             SELECT e.chunk_id AS id, 1 - (e.vector::halfvec(%2$s) <=> $1::halfvec(%2$s)) AS cosine FROM embeddings e
             WHERE e.embedder_id = %1$s AND e.in_graph AND e.collection_id = ANY($2)
               AND ($4::bigint[] IS NULL
                    OR (SELECT k.document_id FROM chunks k WHERE k.id = e.chunk_id) = ANY($4))
               AND ($5::bigint[] IS NULL OR e.chunk_id = ANY($5)) AND ($6::bigint[] IS NULL OR e.chunk_id <> ALL($6))
             ORDER BY e.vector::halfvec(%2$s) <=> $1::halfvec(%2$s) LIMIT greatest($3, 100)
         ), compared AS MATERIALIZED (
             SELECT e.chunk_id AS id, 1 - (e.vector <=> $1) AS cosine FROM embeddings e
             WHERE e.embedder_id = %1$s AND NOT e.in_graph AND e.collection_id = ANY($2)
               AND ($4::bigint[] IS NULL
                    OR (SELECT k.document_id FROM chunks k WHERE k.id = e.chunk_id) = ANY($4))
               AND ($5::bigint[] IS NULL OR e.chunk_id = ANY($5)) AND ($6::bigint[] IS NULL OR e.chunk_id <> ALL($6))
         )
         SELECT id, cosine FROM (TABLE walked UNION ALL TABLE compared) AS found
         WHERE cosine < ''NaN'' ORDER BY cosine DESC, id LIMIT $3', embedder, dimensions)
    USING query, collections, most, of_documents, of_chunks, barred;
END $$;
