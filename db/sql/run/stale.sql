-- Runs that nobody has carried for $1 seconds, and queued ones whose turn came so long ago; of each user the first ones.
SELECT uid FROM (
    SELECT uid, id, row_number() OVER (PARTITION BY user_id ORDER BY priority DESC, id) AS place
    FROM (SELECT uid, id, user_id, priority FROM runs
          WHERE status = 'running' AND coalesce(heartbeat_at, created_at) < now() - make_interval(secs => $1)
          UNION ALL
          SELECT uid, id, user_id, priority FROM runs_in_turn
          WHERE coalesce(heartbeat_at, created_at) < now() - make_interval(secs => $1)) AS found
) AS placed
WHERE place <= 20 ORDER BY place, id LIMIT 100;
