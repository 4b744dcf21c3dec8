-- Keeps a result. $1 user id, $2 key, $3 body, $4 seconds
INSERT INTO step_cache (user_id, key, body, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))
ON CONFLICT (user_id, key) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at;
