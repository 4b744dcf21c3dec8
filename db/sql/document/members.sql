-- The members of an archive of the caller, with their sources. $1 user id, $2 its key
SELECT d.uid, d.source FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.parent_id = $2 ORDER BY d.id;
