-- The members of an archive of the caller. $1 user id, $2 its key
SELECT d.uid FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.parent_id = $2 ORDER BY d.id;
