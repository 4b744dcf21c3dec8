-- Tells how far an ingestion is, which is not waited for until it is on the disk. $1 document id, $2 stage, $3 progress from
-- 0 to 1, $4 whether of its newer content
WITH aside AS (UPDATE document_updates SET stage = $2, progress = $3 WHERE document_id = $1 AND $4)
UPDATE documents SET stage = $2, progress = $3 FROM set_config('synchronous_commit', 'off', true)
WHERE id = $1 AND NOT $4;
