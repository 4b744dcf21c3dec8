-- Checkpoints of one namespace of a thread, the newest first, whose metadata have every value that is asked for.
-- $1 thread id, $2 namespace, $3 the id before which they come, $4 metadata, $5 limit
SELECT * FROM checkpoint_states s
WHERE thread_id = $1 AND checkpoint_ns = $2 AND checkpoint_id < $3
  AND NOT EXISTS (SELECT FROM jsonb_each($4::jsonb) AS asked
                  WHERE coalesce(s.metadata -> asked.key, 'null') <> asked.value)
ORDER BY checkpoint_id DESC LIMIT $5;
