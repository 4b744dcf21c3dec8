-- The runs that a running of cases has begun and waits for. $1 user id, $2 uid of the run that does them
SELECT e.run FROM case_runs c JOIN case_results e ON e.case_run_id = c.id
WHERE c.user_id = $1 AND c.run = $2 AND e.status = 'running' AND e.run IS NOT NULL;
