-- Gives a run back, so that another worker may take it at once. $1 id
UPDATE runs SET status = 'queued' WHERE id = $1 AND status = 'running';
