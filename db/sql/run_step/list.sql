-- The steps of a run in order, from one on. $1 run id, $2 after this sequence, $3 limit
SELECT sequence, key, kind, shared, body, duration_ms, at FROM run_steps
WHERE run_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3::integer;
