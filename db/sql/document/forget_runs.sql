-- Forgets the runs that ingested deleted documents, as far as they have ended. $1 user id, $2 document ids
DELETE FROM runs r
WHERE r.user_id = $1 AND r.toolchain_id = 'ingest_document' AND r.input ->> 'document_id' = ANY($2)
  AND r.status IN ('completed', 'failed', 'dead', 'cancelled');
