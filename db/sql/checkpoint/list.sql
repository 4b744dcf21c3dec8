-- Checkpoints of one namespace of a thread, the newest first, whose metadata have every value that is asked for.
-- $1 thread id, $2 namespace, $3 the id before which they come, $4 metadata, $5 limit
WITH page AS MATERIALIZED (
    SELECT c.checkpoint_id FROM checkpoints c
    WHERE c.thread_id = $1 AND c.checkpoint_ns = $2 AND c.checkpoint_id < $3
      AND (SELECT bool_and(coalesce(c.metadata -> asked.key, 'null') = asked.value)
           FROM jsonb_each($4::jsonb) AS asked) IS NOT FALSE
    ORDER BY c.checkpoint_id DESC LIMIT $5
)
SELECT found.* FROM page
CROSS JOIN LATERAL (
    SELECT * FROM checkpoint_states s
    WHERE s.thread_id = $1 AND s.checkpoint_ns = $2 AND s.checkpoint_id = page.checkpoint_id LIMIT 1
) found
ORDER BY found.checkpoint_id DESC;
