-- Runs that nobody has carried for $1 seconds, and queued ones whose turn came so long ago; of each user the first ones.
WITH RECURSIVE queues AS (
    (SELECT user_id, toolchain_id FROM runs WHERE status = 'queued' ORDER BY user_id, toolchain_id LIMIT 1)
    UNION ALL
    SELECT n.user_id, n.toolchain_id
    FROM queues q CROSS JOIN LATERAL (
        SELECT r.user_id, r.toolchain_id FROM runs r
        WHERE r.status = 'queued' AND (r.user_id, r.toolchain_id) > (q.user_id, q.toolchain_id)
        ORDER BY r.user_id, r.toolchain_id LIMIT 1
    ) n
)
SELECT uid FROM (
    SELECT uid, id, row_number() OVER (PARTITION BY user_id ORDER BY priority DESC, id) AS place
    FROM (SELECT uid, id, user_id, priority FROM runs
          WHERE status = 'running' AND coalesce(heartbeat_at, created_at) < now() - make_interval(secs => $1)
          UNION ALL
          SELECT f.uid, f.id, q.user_id, f.priority
          FROM queues q CROSS JOIN LATERAL first_in_turn(q.user_id, q.toolchain_id) f
          WHERE f.since < now() - make_interval(secs => $1)) AS found
) AS placed
WHERE place <= 20 ORDER BY place, id LIMIT 100;
