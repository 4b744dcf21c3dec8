-- Ties a newer content to the run that ingests it. $1 document id, $2 run uid
UPDATE document_updates SET run_id = (SELECT id FROM runs WHERE uid = $2), stage = NULL, progress = 0 WHERE document_id = $1;
