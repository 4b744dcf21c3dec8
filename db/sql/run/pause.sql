-- Lets a run wait, for whoever carries it; no row when it is no longer theirs. Attempts begin anew.
-- $1 id, $2 epoch, $3 pauses, $4 when to wake or null, $5 time account, $6 event sequence, $7 its data
WITH paused AS (
    UPDATE runs SET status = 'waiting', pauses = $3, wake_at = $4, waiting_since = now(), attempts = 0, time = $5
    WHERE id = $1 AND epoch = $2 AND status = 'running'
    RETURNING id, uid, user_id
), told AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT id, $6, 'waiting', $7, clock_timestamp() FROM paused
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('run_events', p.uid::text),
       EXISTS (SELECT FROM runs o WHERE o.user_id = p.user_id AND o.status = 'queued') AS others_wait
FROM paused p;
