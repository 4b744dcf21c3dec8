-- The caller's schedules, newest first. $1 user id, $2 toolchain or null
-- returns: triggers.Schedule
SELECT uid::text AS schedule_id, toolchain_id, title, cron, time_zone, input, enabled, next_at, last_at,
       last_run::text AS last_run_id, last_error, created_at
FROM schedules WHERE user_id = $1 AND ($2::text IS NULL OR toolchain_id = $2) ORDER BY id DESC;
