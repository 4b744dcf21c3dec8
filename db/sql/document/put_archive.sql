-- Makes an archive complete whose members have become documents; no row when another run ingests it by now, or it is gone.
-- $1 document id, $2 warnings, $3 generation, $4 run uid
UPDATE documents SET is_archive = true, words_at = now(), indexed_at = now(), progress = 1, page_count = 0, chunk_count = 0,
       warnings = $2, generation = $3
WHERE id = $1 AND run_id = (SELECT r.id FROM runs r WHERE r.uid = $4)
RETURNING id;
