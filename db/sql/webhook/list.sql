-- The caller's webhooks, newest first. $1 user id, $2 toolchain or null
-- returns: triggers.Webhook
SELECT uid::text AS webhook_id, toolchain_id, title, '/api/hooks/' || uid AS url, created_at, last_at,
       last_run::text AS last_run_id
FROM webhooks WHERE user_id = $1 AND ($2::text IS NULL OR toolchain_id = $2) ORDER BY id DESC;
