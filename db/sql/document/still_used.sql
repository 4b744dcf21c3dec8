-- Which of these contents some document still refers to. $1 sha256 list
SELECT DISTINCT encode(sha256, 'hex') AS sha256 FROM documents WHERE sha256 = ANY($1);
