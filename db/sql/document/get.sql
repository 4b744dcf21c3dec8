-- One document of the caller. $1 user id, $2 uid
-- returns: documents.Document
SELECT id, collection_id, name, content_type, size, sha256, status, error, stage, progress, page_count, chunk_count,
       metadata, run_id, created_at, indexed_at
FROM document_states WHERE user_id = $1 AND id = $2::uuid::text AND key = (SELECT d.id FROM documents d WHERE d.uid = $2);
