-- Documents of the caller's collection whose ingestion failed, or that of their newer content, oldest first.
-- $1 user id, $2 collection uid
SELECT uid FROM document_states
WHERE user_id = $1 AND collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2)
  AND work = 'failed'
ORDER BY key;
