-- Which of the caller's documents a filter lets through, how many chunks they have, and the chunks where they are few or
-- the filter tells chunks of one document apart. $1 user id, $2 collections, $3 uids or null, $4 uploaded after or null,
-- $5 uploaded before or null, $6 what documents must fulfil or null, $7 all that must be fulfilled or null, $8 whether
-- that is of chunks, $9 how many chunks are few
WITH documents_allowed AS MATERIALIZED (
    SELECT d.id, d.chunk_count, f.facts || jsonb_build_object('collection', jsonb_build_object('id', c.uid)) AS facts
    FROM documents d
    JOIN collections c ON c.id = d.collection_id AND c.user_id = $1
    CROSS JOIN LATERAL (
        SELECT document_facts(d.uid, d.name, d.content_type, d.size, d.page_count, d.created_at, d.source, d.metadata) AS facts
        WHERE $7::jsonpath IS NOT NULL
        UNION ALL SELECT NULL WHERE $7 IS NULL
    ) f
    WHERE d.collection_id = ANY($2::bigint[]) AND ($3::uuid[] IS NULL OR d.uid = ANY($3))
      AND ($4::timestamptz IS NULL OR d.created_at >= $4) AND ($5::timestamptz IS NULL OR d.created_at < $5)
      AND ($6::jsonpath IS NULL
           OR document_facts(d.uid, d.name, d.content_type, d.size, d.page_count, d.created_at, d.source, d.metadata) @@ $6)
), documents_fitting AS MATERIALIZED (
    SELECT id, chunk_count, facts FROM documents_allowed
    WHERE $7 IS NULL OR $8::boolean OR jsonb_path_match_tz(facts, $7, '{}', true)
), counted AS (
    SELECT coalesce(array_agg(id), '{}') AS documents, coalesce(sum(chunk_count), 0)::bigint AS chunk_count
    FROM documents_fitting
)
SELECT documents, chunk_count, CASE
    WHEN $8 THEN (
        SELECT coalesce(array_agg(k.id ORDER BY k.id), '{}') FROM documents_fitting d JOIN chunks k ON k.document_id = d.id
        WHERE jsonb_path_match_tz(d.facts || jsonb_build_object('chunk', jsonb_build_object(
            'page', k.page, 'token_count', k.token_count, 'headings', to_jsonb(k.headings))), $7, '{}', true))
    WHEN chunk_count <= $9::bigint THEN (
        SELECT coalesce(array_agg(k.id ORDER BY k.id), '{}') FROM chunks k WHERE k.document_id = ANY(documents))
    END AS chunks
FROM counted;
