-- What their sources told of the documents of a collection of the caller that begin with a URL and did not fail.
-- $1 user id, $2 collection uid, $3 begin of the source
SELECT s.source, d.origin FROM document_states s JOIN documents d ON d.id = s.key
WHERE s.user_id = $1 AND s.collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2)
  AND starts_with(s.source, $3) AND s.status <> 'failed' AND s.update IS NULL AND d.parent_id IS NULL
ORDER BY d.id LIMIT 20000;
