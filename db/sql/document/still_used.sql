-- Which of these contents some document still refers to, or will. $1 sha256 list
SELECT encode(sha256, 'hex') AS sha256 FROM documents WHERE sha256 = ANY($1)
UNION
SELECT encode(sha256, 'hex') AS sha256 FROM document_updates WHERE sha256 = ANY($1);
