-- Documents of the caller's collection by their sources, with the contents that they have, or will have, and that did not
-- fail. $1 user id, $2 collection uid, $3 sources
SELECT s.id, s.collection_id, s.name, s.content_type, s.size, s.sha256, s.status, s.error, s.stage, s.progress, s.page_count,
       s.chunk_count, s.metadata, s.run_id, s.searchable_by, s.version, s.source, s.warnings, s.update, s.created_at,
       s.indexed_at,
       CASE WHEN u.document_id IS NOT NULL AND s.update ->> 'status' <> 'failed' THEN ARRAY[encode(u.sha256, 'hex')]
            WHEN u.document_id IS NOT NULL OR s.status = 'failed' THEN ARRAY[]::text[]
            ELSE ARRAY[s.sha256] END AS contents
FROM unnest($3::text[]) AS asked (source)
JOIN documents d ON d.collection_id = (SELECT c.id FROM collections c WHERE c.uid = $2 AND c.user_id = $1)
                AND coalesce(d.parent_id, 0) = 0 AND md5(d.source) = md5(asked.source) AND d.source IS NOT NULL
JOIN document_states s ON s.key = d.id
LEFT JOIN document_updates u ON u.document_id = d.id;
