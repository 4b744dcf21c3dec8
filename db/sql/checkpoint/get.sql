-- One checkpoint of a thread, or its newest. $1 thread id, $2 namespace, $3 checkpoint id or null
SELECT * FROM checkpoint_states
WHERE thread_id = $1 AND checkpoint_ns = $2
  AND checkpoint_id = coalesce($3::text, (SELECT max(n.checkpoint_id) FROM checkpoints n
                                          WHERE n.thread_id = $1 AND n.checkpoint_ns = $2));
