-- Makes an archive complete whose members have become documents. $1 document id, $2 warnings, $3 generation
UPDATE documents SET is_archive = true, words_at = now(), indexed_at = now(), progress = 1, page_count = 0, chunk_count = 0,
       warnings = $2, generation = $3
WHERE id = $1;
