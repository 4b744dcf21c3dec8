-- One schedule of the caller, held until the transaction ends. $1 user id, $2 uid
-- returns: triggers.Schedule
SELECT uid::text AS schedule_id, toolchain_id, title, cron, time_zone, input, enabled, next_at, last_at,
       last_run::text AS last_run_id, last_error, created_at
FROM schedules WHERE user_id = $1 AND uid = $2 FOR UPDATE;
