-- The contents that a collection of the caller refers to, with the run at work on each, also of newer ones on their way.
-- $1 user id, $2 uid
SELECT DISTINCT encode(x.sha256, 'hex') AS sha256, r.uid::text AS run_id, x.uid::text AS document_id
FROM collections c
JOIN documents d ON d.collection_id = c.id
CROSS JOIN LATERAL (
    SELECT d.sha256, d.run_id, d.uid
    UNION ALL SELECT u.sha256, u.run_id, d.uid FROM document_updates u WHERE u.document_id = d.id
) x
LEFT JOIN runs r ON r.id = x.run_id
WHERE c.user_id = $1 AND c.uid = $2;
