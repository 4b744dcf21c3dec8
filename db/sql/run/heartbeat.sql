-- Says that these runs are being carried; gives those of them that still are, and whether they are to be cancelled. Whoever
-- misses one has lost it to another process. Locked in the order in which `run.append` locks. $1 ids, $2 epochs
WITH held AS (
    SELECT r.id FROM runs r JOIN unnest($1::bigint[], $2::integer[]) AS h (id, epoch)
    ON h.id = r.id AND h.epoch = r.epoch WHERE r.status = 'running' ORDER BY r.id FOR NO KEY UPDATE OF r
)
UPDATE runs r SET heartbeat_at = now() FROM held WHERE r.id = held.id RETURNING r.id, r.cancel_requested;
