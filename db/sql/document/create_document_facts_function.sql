-- What conditions may ask of a document by itself: its columns and its metadata. Immutable, so that it can be indexed: of
-- times it says the moment in UTC.
CREATE OR REPLACE FUNCTION document_facts(
    uid uuid, name text, content_type text, size bigint, page_count integer, created_at timestamptz, source text,
    metadata jsonb
) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('metadata', metadata, 'document', jsonb_strip_nulls(jsonb_build_object(
        'id', uid::text, 'name', name, 'content_type', content_type, 'size', size, 'page_count', page_count, 'source', source,
        'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))))
$$;
