-- How many deletions of a collection's chunks there have been since there was nothing to be found in it.
CREATE OR REPLACE FUNCTION bm25_deletion_count(collection bigint) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT sum(deletions) FROM bm25_deletions WHERE collection_id = collection), 0)::bigint
$$;
