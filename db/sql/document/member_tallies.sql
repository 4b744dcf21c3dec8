-- How far the members of the caller's archives are, with those of archives within them. $1 user id, $2 uids of archives,
-- $3 how many failures are told of each
WITH RECURSIVE below AS (
    SELECT a.uid AS archive, m.id
    FROM documents a JOIN collections c ON c.id = a.collection_id JOIN documents m ON m.parent_id = a.id
    WHERE c.user_id = $1 AND a.uid = ANY ($2)
    UNION ALL
    SELECT b.archive, m.id FROM below b JOIN documents m ON m.parent_id = b.id
), states AS (
    SELECT b.archive, s.key, s.source, coalesce(s.update ->> 'status', s.status) AS status,
           coalesce(s.update ->> 'error', s.error, '') AS error
    FROM below b JOIN document_states s ON s.key = b.id
)
SELECT archive::text, count(*) AS total, count(*) FILTER (WHERE status IN ('pending', 'indexing')) AS at_work,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       to_jsonb((coalesce(array_agg(jsonb_build_object('source', coalesce(source, ''), 'error', error) ORDER BY key)
                          FILTER (WHERE status = 'failed'), '{}'))[1:$3]) AS failures
FROM states GROUP BY archive;
