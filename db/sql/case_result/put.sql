-- Says what has come of a case so far; no row when it is none of the running's. $1 id of the running, $2 number, $3 status,
-- $4 run or null, $5 milliseconds or null, $6 error or null, $7 checks
UPDATE case_results SET status = $3, run = $4, duration_ms = $5, error = $6, checks = $7
WHERE case_run_id = $1 AND number = $2
RETURNING number;
