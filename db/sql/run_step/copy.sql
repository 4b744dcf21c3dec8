-- Copies the steps of a run up to one of them. $1 from run id, $2 to run id, $3 last sequence
INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, duration_ms, at)
SELECT $2, sequence, key, kind, shared, body, duration_ms, at FROM run_steps WHERE run_id = $1 AND sequence <= $3;
