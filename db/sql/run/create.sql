-- Writes down a run; no row when the key was used before. When $10 is true and the limits allow it, the caller carries it
-- from now on; else it is queued. $1 uid, $2 user id, $3 scopes, $4 thread id, $5 toolchain id, $6 version,
-- $7 definition hash, $8 input, $9 idempotency key, $10 to be started, $11 priority, $12 the toolchain's limit or null,
-- $13 exclusive on its thread, $14 base thread, $15 forked from, $16 the user's limit, $17 base sequence or null
WITH decided AS (
    SELECT CASE WHEN NOT $10 THEN false
                WHEN $16::integer <= (SELECT count(*) FROM runs WHERE user_id = $2 AND status = 'running') THEN false
                WHEN $12::integer IS NULL THEN true
                ELSE $12 > runs_at_work($2, $5) END AS started
)
INSERT INTO runs (uid, user_id, scopes, thread_id, toolchain_id, toolchain_version, definition_hash, input,
                  idempotency_key, status, attempts, epoch, started_at, heartbeat_at, priority, concurrency, exclusive,
                  base_thread, base_sequence, forked_from)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN started THEN 'running' ELSE 'queued' END, started::integer,
       started::integer, CASE WHEN started THEN now() END, CASE WHEN started THEN now() END, $11, $12, $13, $14,
       coalesce($17, CASE WHEN started THEN (
           SELECT coalesce(max(v.sequence), 0) FROM thread_values v WHERE v.thread_id = $14) END), $15
FROM decided
ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
RETURNING id, base_sequence, status = 'running' AS started;
