-- Which of these chunks belong to these documents. $1 chunk ids, $2 document ids
SELECT id FROM chunks WHERE id = ANY($1) AND document_id = ANY($2);
