-- Makes a document complete whose vectors are there. $1 document id
UPDATE documents SET indexed_at = now(), progress = 1 WHERE id = $1 AND words_at IS NOT NULL AND indexed_at IS NULL;
