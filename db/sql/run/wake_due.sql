-- Puts the waiting runs back into the queue whose time has come.
UPDATE runs SET status = 'queued', heartbeat_at = NULL, wake_at = NULL,
       paused_ms = paused_ms + coalesce(extract(epoch FROM now() - waiting_since) * 1000, 0), waiting_since = NULL
WHERE id IN (SELECT id FROM runs WHERE status = 'waiting' AND wake_at <= now() ORDER BY wake_at LIMIT 100
             FOR UPDATE SKIP LOCKED)
RETURNING uid;
