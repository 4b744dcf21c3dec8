-- Says that these runs are being carried; gives those of them that still are, and whether they are to be cancelled. Whoever
-- misses one has lost it to another process. $1 ids, $2 epochs
UPDATE runs r SET heartbeat_at = now() FROM unnest($1::bigint[], $2::integer[]) AS h (id, epoch)
WHERE r.id = h.id AND r.epoch = h.epoch AND r.status = 'running'
RETURNING r.id, r.cancel_requested;
