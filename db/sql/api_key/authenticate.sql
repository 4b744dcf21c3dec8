-- The user of a key that has not expired. $1 hash
SELECT u.id, u.uid::text AS user_id, u.username, u.is_admin, k.uid AS key_uid, k.scopes, k.expires_at
FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.key_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > now());
