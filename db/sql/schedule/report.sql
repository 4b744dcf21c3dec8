-- Notes what came of a due time and sets the next one. $1 id, $2 the time that was due, $3 the next one, $4 run or null,
-- $5 error or null
UPDATE schedules SET next_at = $3, last_at = $2, last_run = coalesce($4, last_run), last_error = $5
WHERE id = $1 AND next_at = $2;
