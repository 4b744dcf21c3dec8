-- Of a run that is carried, when its toolchain's turns are all taken and the first of those that wait have not begun: when
-- it goes on after a pause they come first. No row when it is not so. $1 user id, $2 uid
UPDATE runs r SET priority = r.priority - 1
WHERE r.user_id = $1 AND r.uid = $2
  AND EXISTS (
      SELECT FROM (SELECT o.started_at FROM runs o
                   WHERE o.user_id = r.user_id AND o.toolchain_id = r.toolchain_id AND o.status = 'queued'
                   ORDER BY o.priority DESC, o.id LIMIT 20) first
      WHERE first.started_at IS NULL)
  AND r.concurrency <= (SELECT count(*) FROM runs o WHERE o.user_id = r.user_id AND o.toolchain_id = r.toolchain_id
                                                      AND o.status = 'running')
RETURNING r.id;
