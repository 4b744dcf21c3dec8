-- Adds an event that no process that carries the run tells, and wakes who listens. $1 run id, $2 event, $3 data
WITH added AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3, clock_timestamp() FROM run_events WHERE run_id = $1
)
SELECT pg_notify('run_events', uid::text) FROM runs WHERE id = $1;
