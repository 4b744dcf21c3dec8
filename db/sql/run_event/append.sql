-- Adds events of one run, if it is still there, and tells who listens. $1 run id, $2 run uid, $3 sequences, $4 names, $5 data, $6 times
WITH added AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT r.id, e.sequence, e.event, e.data, e.at
    FROM runs r CROSS JOIN unnest($3::integer[], $4::text[], $5::jsonb[], $6::timestamptz[]) AS e (sequence, event, data, at)
    WHERE r.id = $1
    ON CONFLICT DO NOTHING
)
SELECT pg_notify('run_events', $2::text);
