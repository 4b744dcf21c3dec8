-- Forgets the steps of a run. $1 run id
DELETE FROM run_steps WHERE run_id = $1;
