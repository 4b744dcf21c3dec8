-- How many chunks of a collection can be found by words.
CREATE OR REPLACE FUNCTION bm25_chunk_count(collection bigint) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(
        coalesce((SELECT sum(chunk_count) FROM bm25_segments WHERE collection_id = collection AND live), 0)
        - coalesce((SELECT sum(chunk_count) FROM bm25_deletions WHERE collection_id = collection), 0), 0)::bigint
$$;
