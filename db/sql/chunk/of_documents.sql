-- The chunks of documents. $1 document ids
SELECT id FROM chunks WHERE document_id = ANY($1) ORDER BY id;
