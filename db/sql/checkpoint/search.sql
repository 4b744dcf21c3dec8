-- Checkpoints of any thread and namespace, the newest first, whose metadata have every value that is asked for.
-- $1 thread id, $2 namespace, $3 checkpoint id: null for any; $4 the id before which they come, $5-$6 thread and
-- namespace where the last page ended, $7 metadata, $8 limit
WITH page AS MATERIALIZED (
    SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id FROM checkpoints c
    WHERE ($1::text IS NULL OR c.thread_id = $1) AND ($2::text IS NULL OR c.checkpoint_ns = $2)
      AND ($3::text IS NULL OR c.checkpoint_id = $3)
      AND (c.checkpoint_id, c.thread_id, c.checkpoint_ns) < ($4, $5, $6)
      AND (SELECT bool_and(coalesce(c.metadata -> asked.key, 'null') = asked.value)
           FROM jsonb_each($7::jsonb) AS asked) IS NOT FALSE
    ORDER BY c.checkpoint_id DESC, c.thread_id DESC, c.checkpoint_ns DESC LIMIT $8
)
SELECT found.* FROM page
CROSS JOIN LATERAL (
    SELECT * FROM checkpoint_states s
    WHERE s.thread_id = page.thread_id AND s.checkpoint_ns = page.checkpoint_ns AND s.checkpoint_id = page.checkpoint_id
    LIMIT 1
) found
ORDER BY found.checkpoint_id DESC, found.thread_id DESC, found.checkpoint_ns DESC;
