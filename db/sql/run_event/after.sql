-- Events of a run after a sequence number. $1 run id, $2 sequence, $3 limit
-- returns: runs.RunEvent
SELECT sequence, event, data, at FROM run_events WHERE run_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3;
