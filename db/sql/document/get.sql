-- One document of the caller. $1 user id, $2 uid
-- returns: documents.Document
SELECT id, collection_id, name, content_type, size, sha256, status, error, stage, progress, page_count, chunk_count,
       metadata, run_id, searchable_by, version, source, warnings, update, created_at, indexed_at
FROM document_states WHERE user_id = $1 AND uid = $2;
