-- Copies a thread with its whole history, unless the other has one already; says whether it has.
-- $1 thread id, $2 the other thread's id
WITH target AS MATERIALIZED (SELECT EXISTS (SELECT FROM checkpoints WHERE thread_id = $2) AS taken),
copied_values AS (
    INSERT INTO checkpoint_values (thread_id, checkpoint_ns, channel, version, value_type, value)
    SELECT $2, v.checkpoint_ns, v.channel, v.version, v.value_type, v.value
    FROM checkpoint_values v, target WHERE v.thread_id = $1 AND NOT target.taken
), copied_writes AS (
    INSERT INTO checkpoint_writes
        (thread_id, checkpoint_ns, checkpoint_id, task_id, position, task_path, channel, value_type, value)
    SELECT $2, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.position, w.task_path, w.channel, w.value_type, w.value
    FROM checkpoint_writes w, target WHERE w.thread_id = $1 AND NOT target.taken
), copied_checkpoints AS (
    INSERT INTO checkpoints
        (thread_id, checkpoint_ns, checkpoint_id, parent_id, channel_versions, body_type, body, metadata)
    SELECT $2, c.checkpoint_ns, c.checkpoint_id, c.parent_id, c.channel_versions, c.body_type, c.body, c.metadata
    FROM checkpoints c, target WHERE c.thread_id = $1 AND NOT target.taken
)
SELECT taken FROM target;
