-- Notes the run that a call has started, or why it has not; of what came of calls the last 50 stay. $1 id, $2 run or null,
-- $3 error or null
WITH reported AS (
    UPDATE webhooks SET last_at = CASE WHEN $2::uuid IS NULL THEN last_at ELSE now() END, last_run = coalesce($2, last_run)
    WHERE id = $1 RETURNING id
), forgotten AS (
    DELETE FROM deliveries d USING reported WHERE d.webhook = reported.id
      AND d.id <= (SELECT o.id FROM deliveries o WHERE o.webhook = $1 ORDER BY o.id DESC OFFSET 49 LIMIT 1)
)
INSERT INTO deliveries (webhook, run, error, at) SELECT id, $2, $3, now() FROM reported;
