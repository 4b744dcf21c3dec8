-- What there is of a document of the caller, held until the transaction ends: by $3 uid, or by $4 source among the members
-- of $5 archive or, with null, among those of none. $1 user id, $2 collection uid or null
SELECT d.id, d.uid, encode(d.sha256, 'hex') AS sha256, d.metadata, d.origin, d.words_at IS NOT NULL AS has_words,
       s.status = 'failed' AS failed,
       s.run_id, encode(u.sha256, 'hex') AS update_sha256, s.update ->> 'run_id' AS update_run_id,
       coalesce(s.update ->> 'status' = 'failed', false) AS update_failed
FROM documents d
JOIN collections c ON c.id = d.collection_id
JOIN document_states s ON s.key = d.id
LEFT JOIN document_updates u ON u.document_id = d.id
WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.uid = $2)
  AND (d.uid = $3 OR md5(d.source) = md5($4) AND coalesce(d.parent_id, 0) = coalesce($5, 0))
FOR UPDATE OF d;
