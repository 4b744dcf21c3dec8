-- What became of the upload that used a key in the caller's collection. $1 user id, $2 collection uid, $3 key
SELECT d.uid::text AS document_id, r.uid::text AS run_id, encode(k.sha256, 'hex') AS sha256
FROM upload_keys k JOIN collections c ON c.id = k.collection_id
JOIN documents d ON d.id = k.document_id LEFT JOIN runs r ON r.id = k.run_id
WHERE c.user_id = $1 AND c.uid = $2 AND k.key = $3;
