-- Of these runs, those that have ended or are gone; what the steps of the former recorded is forgotten, and none of them is
-- retried until the transaction ends. $1 uids
WITH ended AS (
    SELECT id, uid FROM runs WHERE uid = ANY($1::uuid[]) AND status NOT IN ('queued', 'running', 'waiting') FOR UPDATE
), forgotten AS (
    DELETE FROM run_steps s USING ended e WHERE s.run_id = e.id
)
SELECT uid::text FROM ended
UNION ALL
SELECT asked.uid::text FROM unnest($1::uuid[]) AS asked (uid) WHERE NOT EXISTS (SELECT FROM runs r WHERE r.uid = asked.uid);
