-- Ends a run once, with its last steps and events and what it leaves to its thread, for whoever carries it. No row: it has
-- ended, or somebody else carries it. Tells whether others wait for a turn, and the number
-- of the last value that it left.
-- $1 id, $2 epoch, $3 status, $4 output, $5 error, $6 time account, $7-$13 steps: sequences, keys, kinds, shared, bodies,
-- durations, times; $14-$17 events: sequences, names, data, times; $18 thread keys, $19 their operations, $20 their values
-- as text: a list in an array would be a dimension of it
WITH ended AS (
    UPDATE runs SET status = $3, output = $4, error = $5, time = $6, finished_at = now()
    WHERE id = $1 AND epoch = $2 AND status = 'running'
    RETURNING id, uid, user_id, thread_id, keep_thread
), done AS (
    INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, duration_ms, at)
    SELECT ended.id, s.* FROM ended CROSS JOIN unnest(
        $7::integer[], $8::text[], $9::text[], $10::boolean[], $11::bytea[], $12::double precision[], $13::timestamptz[]) AS s
    ON CONFLICT DO NOTHING
), told AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT ended.id, e.* FROM ended CROSS JOIN unnest($14::integer[], $15::text[], $16::jsonb[], $17::timestamptz[]) AS e
    ON CONFLICT DO NOTHING
), kept AS (
    INSERT INTO thread_values (thread_id, user_id, key, operation, value)
    SELECT e.thread_id, e.user_id, v.key, v.operation, v.value::jsonb
    FROM ended e CROSS JOIN unnest($18::text[], $19::text[], $20::text[]) AS v (key, operation, value)
    WHERE e.keep_thread
    RETURNING sequence
)
SELECT pg_notify('run_events', e.uid::text),
       EXISTS (SELECT FROM runs o WHERE o.user_id = e.user_id AND o.status = 'queued') AS others_wait,
       (SELECT max(sequence) FROM kept) AS thread_sequence
FROM ended e;
