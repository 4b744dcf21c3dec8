-- A collection's documents, newest first. $1 user id, $2 collection uid, $3 limit, $4 older than this uid or null
-- returns: documents.Document
SELECT id, collection_id, name, content_type, size, sha256, status, error, stage, progress, page_count, chunk_count,
       metadata, run_id, searchable_by, version, source, warnings, update, created_at, indexed_at
FROM document_states
WHERE user_id = $1 AND collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2)
  AND ($4::uuid IS NULL OR key < (SELECT d.id FROM documents d WHERE d.uid = $4))
ORDER BY key DESC LIMIT $3;
