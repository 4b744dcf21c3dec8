-- Puts a waiting run back into the queue. $1 id
UPDATE runs SET status = 'queued', heartbeat_at = NULL, wake_at = NULL,
       paused_ms = paused_ms + coalesce(extract(epoch FROM now() - waiting_since) * 1000, 0), waiting_since = NULL
WHERE id = $1 AND status = 'waiting'
RETURNING uid;
