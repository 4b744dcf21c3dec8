-- What came of a webhook of the caller, newest first. $1 user id, $2 uid of the webhook, $3 limit
-- returns: triggers.Delivery
SELECT d.at, d.run::text AS run_id, r.status, d.error
FROM deliveries d JOIN webhooks w ON w.id = d.webhook LEFT JOIN runs r ON r.uid = d.run
WHERE w.user_id = $1 AND w.uid = $2 ORDER BY d.id DESC LIMIT $3;
