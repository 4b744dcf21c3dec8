-- Says that these runs are being carried. $1 ids
UPDATE runs SET heartbeat_at = now() WHERE id = ANY($1) AND status = 'running';
