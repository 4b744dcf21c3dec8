-- What there is to be cut and embedded, and how many tokens a second the last ingestions of this user embedded, in the time
-- in which any of them did. $1 user id, $2 uid
WITH measured AS (
    SELECT s.at - make_interval(secs => s.duration_ms / 1000) AS begun, s.at AS ended,
           (SELECT sum(k.token_count) FROM chunks k WHERE k.document_id = d.id) AS tokens
    FROM runs r
    JOIN run_steps s ON s.run_id = r.id AND s.key = 'embed'
    JOIN documents d ON d.run_id = r.id
    WHERE r.user_id = $1 AND r.toolchain_id = 'ingest_document' AND r.status = 'completed'
    ORDER BY r.id DESC LIMIT 500
), apart AS (
    -- Many ran side by side: of each what none that began before it has covered.
    SELECT tokens, ended - greatest(begun, max(ended) OVER (ORDER BY begun ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS alone
    FROM measured
)
SELECT n.documents, n.pages,
       (SELECT count(*) FROM chunks k WHERE k.collection_id = c.id) AS chunks,
       (SELECT coalesce(sum(k.token_count), 0) FROM chunks k WHERE k.collection_id = c.id) AS tokens,
       (SELECT (sum(tokens) / nullif(extract(epoch FROM sum(greatest(alone, interval '0'))), 0))::double precision
        FROM apart) AS tokens_per_second
FROM collections c
CROSS JOIN LATERAL (SELECT count(*) AS documents, coalesce(sum(d.page_count), 0) AS pages FROM documents d
                    WHERE d.collection_id = c.id AND d.words_at IS NOT NULL AND NOT d.is_archive) n
WHERE c.user_id = $1 AND c.uid = $2;
