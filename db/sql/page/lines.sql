-- Where the lines of some pages stand, with the length of their text. $1 user id, $2 document uid, $3 numbers
SELECT p.number, p.lines, length(p.text) AS length
FROM pages p JOIN documents d ON d.id = p.document_id JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND d.uid = $2 AND p.number = ANY($3) AND p.lines <> '';
