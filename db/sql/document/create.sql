-- Adds a document to the caller's collection; no row when the source was used before or the collection is not the caller's.
-- $1 uid, $2 user id, $3 collection uid, $4 name, $5 content type, $6 size, $7 sha256, $8 metadata, $9 source or null,
-- $10 origin, $11 the archive that it is a member of, or null
INSERT INTO documents (uid, collection_id, name, content_type, size, sha256, metadata, source, origin, parent_id)
SELECT $1, c.id, $4, $5, $6, $7, $8, $9, $10, $11 FROM collections c
WHERE c.user_id = $2 AND c.uid = $3 AND ($11::bigint IS NULL OR EXISTS (SELECT FROM documents p WHERE p.id = $11))
ON CONFLICT DO NOTHING
RETURNING id;
