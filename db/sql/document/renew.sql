-- Gives a document another content, or the same once more, to be ingested by another run. One that can be searched by
-- words keeps the name by which it is found, as it does when it is complete.
-- $1 document id, $2 name, $3 content type, $4 size, $5 sha256, $6 metadata, $7 origin, $8 run uid
UPDATE documents SET name = CASE WHEN words_at IS NULL THEN $2 ELSE name END, content_type = $3, size = $4, sha256 = $5,
       metadata = $6, origin = $7,
       run_id = (SELECT id FROM runs WHERE uid = $8), stage = NULL, progress = 0
WHERE id = $1;
