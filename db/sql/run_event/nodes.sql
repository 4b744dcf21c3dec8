-- The starts and ends of nodes of a run, in order. $1 run id
SELECT sequence, event, data, at FROM run_events
WHERE run_id = $1 AND event IN ('run_started', 'node_started', 'node_finished') ORDER BY sequence;
