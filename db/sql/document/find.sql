-- A document of the caller, held until the transaction ends: by $3 uid, or by $4 source among the members of $5 archive or,
-- with null, among those of none. $1 user id, $2 collection uid or null
SELECT d.id
FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND ($2::uuid IS NULL OR c.uid = $2)
  AND (d.uid = $3 OR md5(d.source) = md5($4) AND coalesce(d.parent_id, 0) = coalesce($5, 0))
FOR UPDATE OF d;
