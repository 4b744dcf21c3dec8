-- What there is to be cut and embedded, and how many tokens a second the last ingestions of this user embedded.
-- $1 user id, $2 uid
WITH measured AS (
    SELECT s.duration_ms, (SELECT sum(k.token_count) FROM chunks k WHERE k.document_id = d.id) AS tokens
    FROM runs r
    JOIN run_steps s ON s.run_id = r.id AND s.key = 'embed'
    JOIN documents d ON d.run_id = r.id
    WHERE r.user_id = $1 AND r.toolchain_id = 'ingest_document' AND r.status = 'completed'
    ORDER BY r.id DESC LIMIT 50
)
SELECT (SELECT count(*) FROM documents d WHERE d.collection_id = c.id AND d.words_at IS NOT NULL AND NOT d.is_archive) AS documents,
       (SELECT count(*) FROM chunks k WHERE k.collection_id = c.id) AS chunks,
       (SELECT coalesce(sum(k.token_count), 0) FROM chunks k WHERE k.collection_id = c.id) AS tokens,
       (SELECT sum(tokens)::double precision / nullif(sum(duration_ms), 0) * 1000 FROM measured) AS tokens_per_second
FROM collections c WHERE c.user_id = $1 AND c.uid = $2;
