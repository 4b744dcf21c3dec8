-- What is to be indexed of documents. $1 document ids, $2 behind this chunk id, $3 limit
SELECT k.id, k.collection_id, c.language, k.text, k.headings, d.name
FROM chunks k JOIN documents d ON d.id = k.document_id JOIN collections c ON c.id = k.collection_id
WHERE k.document_id = ANY($1) AND k.id > $2
ORDER BY k.id LIMIT $3;
