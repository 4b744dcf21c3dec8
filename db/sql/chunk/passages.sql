-- Texts of chunks in the caller's collections. `holds`: whether collections have the embedders, and as many deletions,
-- as the search found. $1 user id, $2 chunk ids, $3 collections, $4 their embedders, $5 their deletions, null where any
-- will do
SELECT k.id, k.text, (SELECT scope_holds($3, $4, $5)) AS holds
FROM chunks k JOIN collections c ON c.id = k.collection_id AND c.user_id = $1 WHERE k.id = ANY($2);
