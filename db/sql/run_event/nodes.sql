-- The starts and ends of nodes of a run, in order. $1 run id
SELECT event, data, at FROM run_events
WHERE run_id = $1 AND event IN ('run_started', 'waiting', 'node_started', 'node_finished') ORDER BY sequence;
