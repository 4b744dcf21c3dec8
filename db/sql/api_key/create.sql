-- Keeps a new key's hash. $1 uid, $2 user id, $3 title, $4 hash, $5 preview, $6 scopes, $7 expires_at
INSERT INTO api_keys (uid, user_id, title, key_hash, preview, scopes, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING uid::text AS id;
