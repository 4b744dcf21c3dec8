-- What log-in compares. $1 username
SELECT id, uid::text AS user_id, username, is_admin, password_hash FROM users WHERE lower(username) = lower($1);
