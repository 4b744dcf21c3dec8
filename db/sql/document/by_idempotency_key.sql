-- The document that an earlier upload with this key made. $1 user id, $2 collection uid, $3 key
SELECT d.uid::text AS document_id, r.uid::text AS run_id, encode(d.sha256, 'hex') AS sha256
FROM documents d JOIN collections c ON c.id = d.collection_id LEFT JOIN runs r ON r.id = d.run_id
WHERE c.user_id = $1 AND c.uid = $2 AND d.idempotency_key = $3;
