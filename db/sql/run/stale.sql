-- Runs that nobody has carried for $1 seconds.
SELECT uid FROM runs
WHERE status IN ('queued', 'running') AND coalesce(heartbeat_at, created_at) < now() - make_interval(secs => $1)
ORDER BY id LIMIT 100;
