-- Queued runs of a user whose turn it may be when a run of this thread and toolchain has ended, the likeliest first: the
-- first of the thread, and the first of every toolchain, as many as the user's limit leaves room for.
-- $1 user id, $2 thread id, $3 toolchain id, $4 how many runs of one user may be carried at once
WITH RECURSIVE toolchains AS (
    (SELECT toolchain_id AS id FROM runs WHERE user_id = $1 AND status = 'queued' ORDER BY toolchain_id LIMIT 1)
    UNION ALL
    SELECT (SELECT r.toolchain_id FROM runs r WHERE r.user_id = $1 AND r.status = 'queued' AND r.toolchain_id > t.id
            ORDER BY r.toolchain_id LIMIT 1)
    FROM toolchains t WHERE t.id IS NOT NULL
), likely AS (
    SELECT f.id, f.uid, f.thread_id, t.id AS toolchain_id, f.priority
    FROM toolchains t CROSS JOIN LATERAL first_in_turn($1, t.id) f
    UNION
    (SELECT id, uid, thread_id, toolchain_id, priority FROM runs
     WHERE user_id = $1 AND thread_id = $2 AND status = 'queued' ORDER BY id LIMIT 1)
)
SELECT uid, priority FROM likely
ORDER BY thread_id = $2 DESC, toolchain_id = $3 DESC, priority DESC, id
LIMIT least(20, greatest(0, $4 - (SELECT count(*) FROM runs WHERE user_id = $1 AND status = 'running')));
