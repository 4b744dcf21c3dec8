-- One page of a document of the caller. $1 user id, $2 document uid, $3 number
SELECT d.uid::text AS document_id, p.number AS page, d.page_count, p.text, p.width, p.height, p.lines
FROM pages p JOIN documents d ON d.id = p.document_id JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.uid = $2 AND p.number = $3;
