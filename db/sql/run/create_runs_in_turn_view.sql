-- Queued runs whose turn it is on their thread and within the limit of their toolchain, as far as a look can tell.
CREATE OR REPLACE VIEW runs_in_turn AS
SELECT r.id, r.uid, r.user_id, r.thread_id, r.toolchain_id, r.priority, r.heartbeat_at, r.created_at
FROM runs r
WHERE r.status = 'queued'
  AND NOT (r.exclusive AND EXISTS (
      SELECT FROM runs o WHERE o.user_id = r.user_id AND o.thread_id = r.thread_id AND o.id < r.id
                           AND o.status IN ('queued', 'running', 'waiting')))
  AND (r.concurrency IS NULL OR r.concurrency > (
      SELECT count(*) FROM runs o WHERE o.user_id = r.user_id AND o.toolchain_id = r.toolchain_id
                                    AND o.status = 'running'));
