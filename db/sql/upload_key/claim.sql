-- Takes a key for an upload to the caller's collection; no row when it was used before, which waits for who uses it now.
-- $1 user id, $2 collection uid, $3 key, $4 sha256
INSERT INTO upload_keys (collection_id, key, sha256)
SELECT c.id, $3, $4 FROM collections c WHERE c.user_id = $1 AND c.uid = $2
ON CONFLICT DO NOTHING RETURNING key;
