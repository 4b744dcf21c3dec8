-- Makes a user; no row when the name is taken. $1 uid, $2 username, $3 password hash, $4 is_admin
-- returns: accounts.User
INSERT INTO users (uid, username, password_hash, is_admin)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING uid::text AS user_id, username, is_admin;
