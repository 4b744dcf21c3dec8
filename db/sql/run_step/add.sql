-- Adds a step that no process made: a person's answer, or what a fork changed. $1 run id, $2 key, $3 kind, $4 body
INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, at)
SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3, $3 = 'edit', $4, now() FROM run_steps WHERE run_id = $1;
