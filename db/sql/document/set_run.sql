-- Ties a document to the run that ingests it. $1 document uid, $2 run uid
UPDATE documents SET run_id = (SELECT id FROM runs WHERE uid = $2) WHERE uid = $1;
