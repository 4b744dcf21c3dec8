-- A result that has not expired. $1 user id, $2 key
SELECT body FROM step_cache WHERE user_id = $1 AND key = $2 AND expires_at > now();
