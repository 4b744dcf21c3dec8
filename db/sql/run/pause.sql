-- Lets a run wait, with its last steps and events, for whoever carries it; no row when it is no longer theirs. Attempts
-- begin anew. $1 id, $2 epoch, $3 pauses, $4 when to wake or null, $5 time account, $6-$12 steps: sequences, keys, kinds,
-- shared, bodies, durations, times; $13-$16 events: sequences, names, data, times
WITH paused AS (
    UPDATE runs SET status = 'waiting', pauses = $3, wake_at = $4, waiting_since = now(), attempts = 0, time = $5
    WHERE id = $1 AND epoch = $2 AND status = 'running'
    RETURNING id, uid, user_id
), done AS (
    INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, duration_ms, at)
    SELECT paused.id, s.* FROM paused CROSS JOIN unnest(
        $6::integer[], $7::text[], $8::text[], $9::boolean[], $10::bytea[], $11::double precision[], $12::timestamptz[]) AS s
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT paused.id, e.* FROM paused CROSS JOIN unnest($13::integer[], $14::text[], $15::jsonb[], $16::timestamptz[]) AS e
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('run_events', p.uid::text),
       EXISTS (SELECT FROM runs o WHERE o.user_id = p.user_id AND o.status = 'queued') AS others_wait
FROM paused p;
