-- A user's keys, newest first. $1 user id
-- returns: accounts.ApiKey
SELECT uid::text AS id, title, preview, scopes, created_at, expires_at, last_used_at
FROM api_keys WHERE user_id = $1 ORDER BY id DESC;
