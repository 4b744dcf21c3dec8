-- Takes away what an earlier attempt stored. $1 id
WITH chunks_gone AS (DELETE FROM chunks WHERE document_id = $1)
DELETE FROM pages WHERE document_id = $1;
