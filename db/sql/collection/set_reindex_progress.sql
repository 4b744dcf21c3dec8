-- $1 id, $2 progress from 0 to 1
UPDATE collections SET reindex_progress = $2 WHERE id = $1;
