-- A collection's documents, newest first. $1 user id, $2 collection uid, $3 limit, $4 older than this uid or null,
-- $5 in this state (as counts.sql counts) or null. Of a document that is gone, or never was in the collection, its uid tells
-- what is older: it begins with the time.
-- returns: documents.Document
SELECT id, collection_id, name, content_type, size, sha256, status, error, stage, progress, page_count, chunk_count,
       metadata, run_id, searchable_by, version, source, warnings, update, created_at, indexed_at
FROM document_states
WHERE user_id = $1 AND collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2)
  AND ($4::uuid IS NULL OR key < coalesce(
      (SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection_id WHERE d.uid = $4 AND c.uid = $2),
      (SELECT max(d.id) + 1 FROM documents d JOIN collections c ON c.id = d.collection_id WHERE d.uid < $4 AND c.uid = $2)))
  AND CASE $5::text WHEN 'underway' THEN work IN ('pending', 'indexing') WHEN 'complete' THEN status = 'complete'
                    WHEN 'failed' THEN work = 'failed' WHEN 'warnings' THEN warnings <> '[]' ELSE true END
ORDER BY key DESC LIMIT $3;
