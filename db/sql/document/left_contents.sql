-- Contents that were given up and whose files may still be there, the oldest first. $1 document id or null, $2 limit
SELECT id, encode(sha256, 'hex') AS sha256 FROM left_contents
WHERE $1::bigint IS NULL OR document_id = $1 ORDER BY id LIMIT $2;
