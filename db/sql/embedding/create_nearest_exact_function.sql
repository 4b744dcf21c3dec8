-- The nearest of an embedder's chunks by cosine, every vector compared: those of whole collections, only of some
-- documents, or only these chunks (null: no such limit), and none of `barred`. A vector of zeros is near to nothing.
CREATE OR REPLACE FUNCTION nearest_exact(
    embedder integer, collections bigint[], query halfvec, most integer, of_documents bigint[], of_chunks bigint[],
    barred bigint[]
) RETURNS TABLE (chunk_id bigint, score float8) LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- Three statements, each with the index that fits it; what is compared is settled before anything is sorted, so
    -- that the graph is never walked.
    IF of_chunks IS NOT NULL THEN
        RETURN QUERY
        WITH compared AS MATERIALIZED (
            SELECT e.chunk_id AS id, 1 - (e.vector <=> query) AS cosine FROM embeddings e
            WHERE e.embedder_id = embedder AND e.chunk_id = ANY(of_chunks) AND e.collection_id = ANY(collections)
              AND (barred IS NULL OR e.chunk_id <> ALL(barred))
        )
        SELECT id, cosine FROM compared WHERE cosine < 'NaN' ORDER BY cosine DESC, id LIMIT most;
    ELSIF of_documents IS NOT NULL THEN
        RETURN QUERY
        WITH compared AS MATERIALIZED (
            SELECT e.chunk_id AS id, 1 - (e.vector <=> query) AS cosine
            FROM chunks k JOIN embeddings e ON e.chunk_id = k.id AND e.embedder_id = embedder
            WHERE k.document_id = ANY(of_documents) AND e.collection_id = ANY(collections)
              AND (barred IS NULL OR e.chunk_id <> ALL(barred))
        )
        SELECT id, cosine FROM compared WHERE cosine < 'NaN' ORDER BY cosine DESC, id LIMIT most;
    ELSE
        RETURN QUERY
        WITH compared AS MATERIALIZED (
            SELECT e.chunk_id AS id, 1 - (e.vector <=> query) AS cosine FROM embeddings e
            WHERE e.embedder_id = embedder AND e.collection_id = ANY(collections)
              AND (barred IS NULL OR e.chunk_id <> ALL(barred))
        )
        SELECT id, cosine FROM compared WHERE cosine < 'NaN' ORDER BY cosine DESC, id LIMIT most;
    END IF;
END $$;
