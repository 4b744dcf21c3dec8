-- Says that these runs are being carried; gives those of them that are to be cancelled. $1 ids
WITH alive AS (
    UPDATE runs SET heartbeat_at = now() WHERE id = ANY($1) AND status = 'running' RETURNING id, cancel_requested
)
SELECT id FROM alive WHERE cancel_requested;
