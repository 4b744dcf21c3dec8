-- Keeps a new schedule.
-- $1 uid, $2 user id, $3 toolchain, $4 title, $5 cron, $6 time zone, $7 input, $8 scopes, $9 next time
INSERT INTO schedules (uid, user_id, toolchain, toolchain_id, title, cron, time_zone, input, scopes, next_at)
VALUES ($1, $2, (SELECT id FROM toolchains WHERE user_id = $2 AND slug = $3), $3, $4, $5, $6, $7, $8, $9)
RETURNING id;
