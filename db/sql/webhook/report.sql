-- Notes the run that was started. $1 id, $2 run
UPDATE webhooks SET last_at = now(), last_run = $2 WHERE id = $1;
