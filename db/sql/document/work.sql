-- What an ingestion step needs to know of a document of the caller that its run ingests; with no run, of any document.
-- `aside`: it can be searched, and this is a newer content of it. $1 user id, $2 uid, $3 run uid or null
SELECT d.id, d.uid, d.collection_id, c.uid AS collection_uid, c.user_id, coalesce(u.name, d.name) AS name, d.source,
       coalesce(u.metadata, d.metadata) AS metadata,
       coalesce(u.content_type, d.content_type) AS content_type, encode(coalesce(u.sha256, d.sha256), 'hex') AS sha256,
       coalesce(u.size, d.size) AS size, c.embedder, c.embedder_id, e.dimensions, c.language, c.chunking,
       c.generation, c.reindex_run_id AS reindex_run, u.document_id IS NOT NULL AS aside,
       d.words_at IS NOT NULL AS has_words, d.page_count, d.chunk_count,
       EXISTS (SELECT FROM documents m WHERE m.parent_id = d.id)
       OR EXISTS (SELECT FROM left_contents l WHERE l.document_id = d.id) AS leaves_some,
       CASE WHEN cr.status IN ('queued', 'running', 'waiting') THEN c.next_embedder END AS next_embedder
FROM documents d
JOIN collections c ON c.id = d.collection_id
LEFT JOIN runs r ON r.uid = $3
LEFT JOIN document_updates u ON u.document_id = d.id AND u.run_id = r.id
LEFT JOIN embedders e ON e.id = c.embedder_id
LEFT JOIN runs cr ON cr.id = c.reindex_run_id
WHERE c.user_id = $1 AND d.uid = $2 AND ($3::uuid IS NULL OR d.run_id = r.id OR u.run_id = r.id);
