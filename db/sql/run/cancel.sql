-- Asks for the end of a run: one that nobody carries ends here; of the others their process is told.
-- $1 user id, $2 uid
UPDATE runs SET cancel_requested = true,
       status = CASE WHEN status IN ('queued', 'waiting') THEN 'cancelled' ELSE status END,
       finished_at = CASE WHEN status IN ('queued', 'waiting') THEN now() ELSE finished_at END
WHERE user_id = $1 AND uid = $2 AND status IN ('queued', 'running', 'waiting')
RETURNING id, status, pg_notify('run_cancel', uid::text);
