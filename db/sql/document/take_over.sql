-- Gives a document its newer content, whose pages and passages the transaction adds; no row when there is none. The
-- content that it had is told. $1 document id, $2 run uid
WITH newer AS (
    DELETE FROM document_updates u USING runs r WHERE u.document_id = $1 AND r.uid = $2 AND u.run_id = r.id RETURNING u.*
), old AS (
    SELECT d.id, encode(d.sha256, 'hex') AS sha256, r.uid::text AS run_id
    FROM documents d LEFT JOIN runs r ON r.id = d.run_id WHERE d.id = $1 AND EXISTS (SELECT FROM newer) FOR UPDATE OF d
)
UPDATE documents d SET name = n.name, content_type = n.content_type, size = n.size, sha256 = n.sha256, metadata = n.metadata,
       origin = n.origin, run_id = n.run_id, version = d.version + 1, words_at = NULL, indexed_at = NULL, is_archive = false
FROM newer n, old WHERE d.id = n.document_id AND old.id = d.id
RETURNING old.sha256, old.run_id;
