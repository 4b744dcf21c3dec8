-- Whether collections have these embedders, and as many deletions, as a search found; null ones are not compared.
CREATE OR REPLACE FUNCTION scope_holds(ids bigint[], embedders integer[], counted bigint[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NOT EXISTS (
        SELECT FROM unnest(ids, embedders, counted) AS b (id, embedder_id, deletions)
        JOIN collections c ON c.id = b.id
        WHERE c.embedder_id IS DISTINCT FROM b.embedder_id OR b.deletions <> bm25_deletion_count(c.id))
$$;
