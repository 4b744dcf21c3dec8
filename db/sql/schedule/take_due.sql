-- The schedule that has been due longest, held until the transaction ends; those that another process holds are passed
-- over. With its owner, whose rights its run has.
SELECT s.id, s.uid, s.toolchain_id, s.cron, s.time_zone, s.input, s.scopes, s.next_at AS due_at, now() AS now,
       u.id AS user_id, u.uid::text AS user_uid, u.username, u.is_admin
FROM schedules s JOIN users u ON u.id = s.user_id
WHERE s.next_at <= now()
ORDER BY s.next_at LIMIT 1
FOR UPDATE OF s SKIP LOCKED;
