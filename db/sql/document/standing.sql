-- What there is of a document that is held. $1 document id
SELECT d.id, d.uid, encode(d.sha256, 'hex') AS sha256, d.metadata, d.origin, d.words_at IS NOT NULL AS has_words,
       s.status = 'failed' AS failed,
       s.run_id, encode(u.sha256, 'hex') AS update_sha256, s.update ->> 'run_id' AS update_run_id,
       coalesce(s.update ->> 'status' = 'failed', false) AS update_failed
FROM documents d
JOIN document_states s ON s.key = d.id
LEFT JOIN document_updates u ON u.document_id = d.id
WHERE d.id = $1;
