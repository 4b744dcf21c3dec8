-- Writes down a run that is to be done; no row when the key was used before. $1 uid, $2 user id, $3 scopes,
-- $4 thread id, $5 toolchain id, $6 version, $7 definition hash, $8 input, $9 idempotency key
INSERT INTO runs (uid, user_id, scopes, thread_id, toolchain_id, toolchain_version, definition_hash, status, input,
                  idempotency_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)
ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
RETURNING id;
