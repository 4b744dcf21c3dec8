-- The contents that a collection of the caller refers to, and the runs at work on them. $1 user id, $2 uid
SELECT DISTINCT encode(d.sha256, 'hex') AS sha256, r.uid::text AS run_id
FROM documents d JOIN collections c ON c.id = d.collection_id LEFT JOIN runs r ON r.id = d.run_id
WHERE c.user_id = $1 AND c.uid = $2;
