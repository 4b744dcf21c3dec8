-- Adds a document to the caller's collection; no row when the key was used before or the collection is not the caller's.
-- $1 uid, $2 user id, $3 collection uid, $4 name, $5 content type, $6 size, $7 sha256, $8 metadata, $9 idempotency key
INSERT INTO documents (uid, collection_id, name, content_type, size, sha256, metadata, idempotency_key)
SELECT $1, c.id, $4, $5, $6, $7, $8, $9 FROM collections c WHERE c.user_id = $2 AND c.uid = $3
ON CONFLICT DO NOTHING
RETURNING id;
