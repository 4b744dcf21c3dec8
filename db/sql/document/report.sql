-- Tells how far an ingestion is. $1 id, $2 stage, $3 progress from 0 to 1
UPDATE documents SET stage = $2, progress = $3 WHERE id = $1;
