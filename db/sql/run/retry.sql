-- Lets a run that failed or is dead go on from its last recorded step. $1 user id, $2 uid
UPDATE runs SET status = 'queued', attempts = 0, error = NULL, finished_at = NULL, heartbeat_at = NULL,
                cancel_requested = false
WHERE user_id = $1 AND uid = $2 AND status IN ('failed', 'dead')
RETURNING uid;
