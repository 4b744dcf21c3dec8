-- How many documents of a collection are in which state, and how far those under way are. $1 user id, $2 collection uid
-- returns: documents.DocumentCounts
SELECT count(*) AS documents,
       count(*) FILTER (WHERE work IN ('pending', 'indexing')) AS underway,
       count(*) FILTER (WHERE status = 'complete') AS complete,
       count(*) FILTER (WHERE work = 'failed') AS failed,
       count(*) FILTER (WHERE warnings <> '[]') AS warnings,
       avg(CASE WHEN status = 'complete' THEN (update ->> 'progress')::double precision ELSE progress END)
           FILTER (WHERE work IN ('pending', 'indexing')) AS progress
FROM document_states
WHERE user_id = $1 AND collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2);
