-- Documents of a collection that can be searched, by their keys, behind $2. $1 collection id, $2 id, $3 limit
SELECT id, uid, generation FROM documents
WHERE collection_id = $1 AND words_at IS NOT NULL AND NOT is_archive AND id > $2 ORDER BY id LIMIT $3;
