-- Of what channels that are kept as deltas are made at a checkpoint: going up its parents, for each channel the value at
-- the first that has one, and the writes from there on, oldest first. LIMIT 1 and OFFSET 0 leave one way to find a row,
-- by its key: however long the thread is, as much is read as is given.
-- $1 thread id, $2 namespace, $3 checkpoint id or null for the newest, $4 channels
WITH RECURSIVE path AS (
    SELECT c.parent_id AS checkpoint_id, $4::text[] AS channels, 0 AS depth
    FROM checkpoints c
    WHERE c.thread_id = $1 AND c.checkpoint_ns = $2
      AND c.checkpoint_id = coalesce($3::text, (SELECT max(n.checkpoint_id) FROM checkpoints n
                                                WHERE n.thread_id = $1 AND n.checkpoint_ns = $2))
    UNION ALL
    SELECT c.parent_id, further.channels, path.depth + 1
    FROM path
    CROSS JOIN LATERAL (
        SELECT p.parent_id, p.channel_versions FROM checkpoints p
        WHERE p.thread_id = $1 AND p.checkpoint_ns = $2 AND p.checkpoint_id = path.checkpoint_id LIMIT 1
    ) c
    CROSS JOIN LATERAL (
        SELECT array_agg(open.channel) AS channels FROM unnest(path.channels) AS open (channel)
        WHERE (SELECT true FROM checkpoint_values v
               WHERE v.thread_id = $1 AND v.checkpoint_ns = $2 AND v.channel = open.channel
                 AND v.version = c.channel_versions ->> open.channel LIMIT 1) IS NULL
    ) further
    WHERE further.channels IS NOT NULL
)
SELECT false AS seed, w.channel, w.task_id, w.value_type, w.value, path.depth, w.task_path, w.position
FROM path
CROSS JOIN LATERAL (
    SELECT * FROM checkpoint_writes p
    WHERE p.thread_id = $1 AND p.checkpoint_ns = $2 AND p.checkpoint_id = path.checkpoint_id
      AND p.channel = ANY (path.channels) OFFSET 0
) w
UNION ALL
SELECT true, open.channel, '', v.value_type, v.value, path.depth, '', 0
FROM path
CROSS JOIN LATERAL (
    SELECT p.channel_versions FROM checkpoints p
    WHERE p.thread_id = $1 AND p.checkpoint_ns = $2 AND p.checkpoint_id = path.checkpoint_id LIMIT 1
) c
CROSS JOIN LATERAL unnest(path.channels) AS open (channel)
CROSS JOIN LATERAL (
    SELECT h.value_type, h.value FROM checkpoint_values h
    WHERE h.thread_id = $1 AND h.checkpoint_ns = $2 AND h.channel = open.channel
      AND h.version = c.channel_versions ->> open.channel LIMIT 1
) v
ORDER BY depth DESC, task_path, task_id, position;
