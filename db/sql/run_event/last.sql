-- The number of a run's last event. $1 run id
SELECT coalesce(max(sequence), 0) AS last FROM run_events WHERE run_id = $1;
