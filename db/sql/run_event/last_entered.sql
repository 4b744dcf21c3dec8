-- The node that the last process of a run was about to begin, of runs that had lost one before. $1 run id
SELECT data ->> 'node' FROM run_events
WHERE run_id = $1 AND event = 'state' AND data ->> 'path' = 'attempt' ORDER BY sequence DESC LIMIT 1;
