-- Writes a schedule anew. $1 user id, $2 uid, $3 title, $4 cron, $5 time zone, $6 input, $7 scopes, $8 enabled,
-- $9 next time
UPDATE schedules
SET title = $3, cron = $4, time_zone = $5, input = $6, scopes = $7, enabled = $8, next_at = $9
WHERE user_id = $1 AND uid = $2;
