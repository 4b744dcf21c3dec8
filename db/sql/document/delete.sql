-- Deletes a document of the caller with its pages, chunks, vectors and postings. $1 user id, $2 uid
DELETE FROM documents d USING collections c
WHERE c.id = d.collection_id AND c.user_id = $1 AND d.uid = $2
RETURNING encode(d.sha256, 'hex') AS sha256, (SELECT r.uid::text FROM runs r WHERE r.id = d.run_id) AS run_id;
