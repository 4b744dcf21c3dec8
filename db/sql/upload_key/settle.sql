-- What became of an upload with a key: its document and run. $1 key, $2 document uid, $3 run uid or null
UPDATE upload_keys k SET document_id = d.id, run_id = (SELECT r.id FROM runs r WHERE r.uid = $3)
FROM documents d WHERE d.uid = $2 AND k.collection_id = d.collection_id AND k.key = $1;
