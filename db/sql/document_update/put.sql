-- A newer content of a document, in place of another that was on its way.
-- $1 document id, $2 name, $3 content type, $4 size, $5 sha256, $6 metadata, $7 origin, $8 run uid
INSERT INTO document_updates (document_id, run_id, name, content_type, size, sha256, metadata, origin)
SELECT $1, r.id, $2, $3, $4, $5, $6, $7 FROM runs r WHERE r.uid = $8
ON CONFLICT (document_id) DO UPDATE
    SET run_id = excluded.run_id, name = excluded.name, content_type = excluded.content_type, size = excluded.size,
        sha256 = excluded.sha256, metadata = excluded.metadata, origin = excluded.origin, stage = NULL, progress = 0,
        created_at = now();
