-- Whether a document can be searched by words. $1 document id
SELECT EXISTS (SELECT FROM documents WHERE id = $1 AND words_at IS NOT NULL);
