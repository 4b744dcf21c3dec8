-- Asks for the end of the runs that have a thread in hand; with $3 false nothing of them is kept on the thread.
-- $1 user id, $2 thread id, $3 keep what they wrote
UPDATE runs SET cancel_requested = true, keep_thread = $3,
       status = CASE WHEN status = 'running' THEN status ELSE 'cancelled' END,
       finished_at = CASE WHEN status = 'running' THEN finished_at ELSE now() END
WHERE user_id = $1 AND thread_id = $2 AND status IN ('queued', 'running', 'waiting')
RETURNING id, uid, status, pg_notify('run_cancel', uid::text);
