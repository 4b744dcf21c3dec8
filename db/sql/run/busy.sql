-- The runs of the caller that have a thread in hand, oldest first. $1 user id, $2 thread id
SELECT id, uid, status FROM runs
WHERE user_id = $1 AND thread_id = $2 AND status IN ('queued', 'running', 'waiting') ORDER BY id;
