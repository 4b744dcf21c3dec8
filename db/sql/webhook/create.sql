-- Keeps a new webhook. $1 uid, $2 user id, $3 toolchain, $4 title, $5 hash of the secret, $6 scopes
INSERT INTO webhooks (uid, user_id, toolchain, toolchain_id, title, secret_hash, scopes)
VALUES ($1, $2, (SELECT id FROM toolchains WHERE user_id = $2 AND slug = $3), $3, $4, $5, $6)
RETURNING id;
