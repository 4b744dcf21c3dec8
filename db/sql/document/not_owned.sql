-- Which of these documents are not the caller's. $1 user id, $2 uids
SELECT w.uid::text AS id FROM unnest($2::uuid[]) AS w (uid)
WHERE NOT EXISTS (
    SELECT FROM documents d JOIN collections c ON c.id = d.collection_id WHERE d.uid = w.uid AND c.user_id = $1)
ORDER BY w.uid;
