-- Ends a run once. $1 id, $2 status, $3 output, $4 error
UPDATE runs SET status = $2, output = $3, error = $4, finished_at = now()
WHERE id = $1 AND status IN ('queued', 'running', 'waiting')
RETURNING id;
