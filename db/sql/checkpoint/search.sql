-- Checkpoints of any thread and namespace, the newest first, whose metadata have every value that is asked for.
-- $1 thread id, $2 namespace, $3 checkpoint id: null for any; $4 the id before which they come, $5-$6 thread and
-- namespace where the last page ended, $7 metadata, $8 limit
WITH page AS MATERIALIZED (
    SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id FROM checkpoints c
    WHERE ($1::text IS NULL OR c.thread_id = $1) AND ($2::text IS NULL OR c.checkpoint_ns = $2)
      AND ($3::text IS NULL OR c.checkpoint_id = $3)
      AND (c.checkpoint_id, c.thread_id, c.checkpoint_ns) < ($4, $5, $6)
      AND NOT EXISTS (SELECT FROM jsonb_each($7::jsonb) AS asked
                      WHERE coalesce(c.metadata -> asked.key, 'null') <> asked.value)
    ORDER BY c.checkpoint_id DESC, c.thread_id DESC, c.checkpoint_ns DESC LIMIT $8
)
SELECT s.* FROM page JOIN checkpoint_states s USING (thread_id, checkpoint_ns, checkpoint_id)
ORDER BY s.checkpoint_id DESC, s.thread_id DESC, s.checkpoint_ns DESC;
