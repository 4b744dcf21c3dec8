-- Of the queued runs of a user's toolchain the first whose turn it is on their threads, as many as the toolchain's limit
-- leaves room for and 20 at most, as far as a look can tell.
DROP VIEW IF EXISTS runs_in_turn;
CREATE OR REPLACE FUNCTION first_in_turn(of_user bigint, of_toolchain text)
RETURNS TABLE (id bigint, uid uuid, thread_id uuid, priority smallint, since timestamptz) LANGUAGE sql STABLE AS $$
    SELECT f.id, f.uid, f.thread_id, f.priority, coalesce(f.heartbeat_at, f.created_at)
    FROM (
        SELECT r.*, r.concurrency - row_number() OVER (ORDER BY r.priority DESC, r.id) AS room
        FROM runs r
        WHERE r.user_id = of_user AND r.toolchain_id = of_toolchain AND r.status = 'queued'
          AND NOT (r.exclusive AND EXISTS (
              SELECT FROM runs o WHERE o.user_id = of_user AND o.thread_id = r.thread_id AND o.id < r.id
                                   AND o.status IN ('queued', 'running', 'waiting')))
        ORDER BY r.priority DESC, r.id LIMIT 20
    ) f
    WHERE f.room IS NULL OR f.room >= (
        SELECT count(*) FROM runs o WHERE o.user_id = of_user AND o.toolchain_id = of_toolchain AND o.status = 'running')
$$;
