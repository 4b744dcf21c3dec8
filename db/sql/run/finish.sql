-- Ends a run once, with its last event and what it leaves to its thread, for whoever carries it. No row: it has ended,
-- or somebody else carries it. Tells whether others wait for a turn. $1 id, $2 epoch, $3 status, $4 output, $5 error,
-- $6 time account, $7 event sequence, $8 event, $9 its data, $10 thread keys, $11 their operations, $12 their values
-- as text: a list in an array would be a dimension of it
WITH ended AS (
    UPDATE runs SET status = $3, output = $4, error = $5, time = $6, finished_at = now()
    WHERE id = $1 AND epoch = $2 AND status = 'running'
    RETURNING id, uid, user_id, thread_id, keep_thread
), told AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT id, $7, $8, $9, clock_timestamp() FROM ended
    ON CONFLICT DO NOTHING
), kept AS (
    INSERT INTO thread_values (thread_id, user_id, key, operation, value)
    SELECT e.thread_id, e.user_id, v.key, v.operation, v.value::jsonb
    FROM ended e CROSS JOIN unnest($10::text[], $11::text[], $12::text[]) AS v (key, operation, value)
    WHERE e.keep_thread
)
SELECT pg_notify('run_events', e.uid::text),
       EXISTS (SELECT FROM runs o WHERE o.user_id = e.user_id AND o.status = 'queued') AS others_wait
FROM ended e;
