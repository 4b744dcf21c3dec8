-- Queued runs of a user whose turn may have come when a run of this thread and toolchain ended, the likeliest first.
-- $1 user id, $2 thread id, $3 toolchain id
SELECT uid, priority FROM runs_in_turn WHERE user_id = $1
ORDER BY thread_id = $2 DESC, toolchain_id = $3 DESC, priority DESC, id LIMIT 20;
