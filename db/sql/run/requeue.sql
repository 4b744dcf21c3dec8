-- Gives a run back, so that another worker may take it at once; that is no attempt. $1 id, $2 epoch
UPDATE runs SET status = 'queued', heartbeat_at = NULL, attempts = greatest(0, attempts - 1)
WHERE id = $1 AND epoch = $2 AND status = 'running';
