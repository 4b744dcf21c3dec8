-- The webhook of this id and secret, with its owner. $1 uid, $2 hash of the secret
SELECT w.id, w.uid, w.toolchain_id, w.scopes, u.id AS user_id, u.uid::text AS user_uid, u.username, u.is_admin
FROM webhooks w JOIN users u ON u.id = w.user_id WHERE w.uid = $1 AND w.secret_hash = $2;
