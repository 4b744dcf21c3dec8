-- What an ingestion step needs to know of a document of the caller. $1 user id, $2 uid
SELECT d.id, d.collection_id, d.name, d.content_type, encode(d.sha256, 'hex') AS sha256, c.embedder
FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.uid = $2;
