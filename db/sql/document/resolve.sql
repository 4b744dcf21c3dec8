-- The keys of the caller's documents that a filter lets through. $1 user id, $2 collection ids, $3 uids or null,
-- $4 uploaded after or null, $5 uploaded before or null
SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.collection_id = ANY($2) AND ($3::uuid[] IS NULL OR d.uid = ANY($3))
  AND ($4::timestamptz IS NULL OR d.created_at >= $4) AND ($5::timestamptz IS NULL OR d.created_at < $5);
