-- Checkpoints with the values of their channels and the writes that wait for the next, in the order in which they apply.
-- LIMIT 1 leaves one way to find a value, by its key: a long history is not read for it.
CREATE OR REPLACE VIEW checkpoint_states AS
SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id, c.parent_id, c.channel_versions, c.body_type, c.body, c.metadata,
       v.channels, v.value_types, v.channel_values, w.write_tasks, w.write_channels, w.write_types, w.write_values
FROM checkpoints c
CROSS JOIN LATERAL (
    SELECT array_agg(at.channel) AS channels, array_agg(held.value_type) AS value_types,
           array_agg(held.value) AS channel_values
    FROM jsonb_each_text(c.channel_versions) AS at (channel, version)
    CROSS JOIN LATERAL (
        SELECT h.value_type, h.value FROM checkpoint_values h
        WHERE h.thread_id = c.thread_id AND h.checkpoint_ns = c.checkpoint_ns
          AND h.channel = at.channel AND h.version = at.version LIMIT 1
    ) held
) v
CROSS JOIN LATERAL (
    SELECT array_agg(task_id) AS write_tasks, array_agg(channel) AS write_channels,
           array_agg(value_type) AS write_types, array_agg(value) AS write_values
    FROM (
        SELECT task_id, channel, value_type, value FROM checkpoint_writes p
        WHERE p.thread_id = c.thread_id AND p.checkpoint_ns = c.checkpoint_ns AND p.checkpoint_id = c.checkpoint_id
        ORDER BY p.task_path, p.task_id, p.position
    ) ordered
) w;
