-- Notes what came of a due time and sets the next one; of what came of times the last 50 stay. $1 id, $2 the time that was
-- due, $3 the next one, $4 run or null, $5 error or null
WITH reported AS (
    UPDATE schedules SET next_at = $3, last_at = $2, last_run = coalesce($4, last_run), last_error = $5
    WHERE id = $1 AND next_at = $2 RETURNING id
), forgotten AS (
    DELETE FROM deliveries d USING reported WHERE d.schedule = reported.id
      AND d.id <= (SELECT o.id FROM deliveries o WHERE o.schedule = $1 ORDER BY o.id DESC OFFSET 49 LIMIT 1)
)
INSERT INTO deliveries (schedule, run, error, at) SELECT id, $4, $5, $2 FROM reported;
