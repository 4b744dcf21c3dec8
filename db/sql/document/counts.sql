-- How many documents of a collection are in which state, and how far those under way are. $1 user id, $2 collection uid
-- returns: documents.DocumentCounts
SELECT count(*) AS documents,
       count(*) FILTER (WHERE s.work IN ('pending', 'indexing')) AS underway,
       count(*) FILTER (WHERE s.status = 'complete') AS complete,
       count(*) FILTER (WHERE s.work = 'failed') AS failed,
       count(*) FILTER (WHERE s.warnings <> '[]') AS warnings,
       avg(s.progress) FILTER (WHERE s.work IN ('pending', 'indexing')) AS progress
FROM (
    SELECT status, warnings,
           CASE WHEN status = 'complete' THEN update ->> 'status' ELSE status END AS work,
           CASE WHEN status = 'complete' THEN (update ->> 'progress')::double precision ELSE progress END AS progress
    FROM document_states
    WHERE user_id = $1 AND collection_key = (SELECT c.id FROM collections c WHERE c.uid = $2)
) s;
