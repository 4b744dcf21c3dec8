-- Lets one transaction at a time write vectors of a document. $1 document id
SELECT id FROM documents WHERE id = $1 FOR NO KEY UPDATE;
