-- Queued runs of a user that nobody has taken, the most urgent first. $1 user id
SELECT uid FROM runs WHERE user_id = $1 AND status = 'queued' ORDER BY priority DESC, id LIMIT 50;
