-- Gives a document that was never searchable another content, to be ingested by another run.
-- $1 document id, $2 name, $3 content type, $4 size, $5 sha256, $6 metadata, $7 origin, $8 run uid
UPDATE documents SET name = $2, content_type = $3, size = $4, sha256 = $5, metadata = $6, origin = $7,
       run_id = (SELECT id FROM runs WHERE uid = $8), stage = NULL, progress = 0
WHERE id = $1;
