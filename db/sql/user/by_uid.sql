-- The user behind a log-in token. $1 uid
SELECT id, uid::text AS user_id, username, is_admin FROM users WHERE uid = $1;
