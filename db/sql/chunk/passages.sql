-- Texts of chunks in the caller's collections. $1 user id, $2 chunk ids
SELECT k.id, k.text FROM chunks k JOIN collections c ON c.id = k.collection_id AND c.user_id = $1 WHERE k.id = ANY($2);
