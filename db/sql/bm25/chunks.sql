-- What is to be indexed of chunks. $1 chunk ids
SELECT k.collection_id, c.language, k.id, k.text, k.headings, d.name
FROM chunks k JOIN documents d ON d.id = k.document_id JOIN collections c ON c.id = k.collection_id
WHERE k.id = ANY($1) ORDER BY k.id;
