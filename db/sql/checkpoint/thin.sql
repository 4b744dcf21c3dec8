-- Deletes checkpoints: of threads all but the newest of each namespace, of runs all. One from which a channel of another
-- that stays is made (see delta_history) stays too. $1 thread ids, $2 run ids
WITH RECURSIVE doomed AS MATERIALIZED (
    SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id FROM checkpoints c
    WHERE c.thread_id = ANY ($1::text[])
      AND EXISTS (SELECT FROM checkpoints n WHERE n.thread_id = c.thread_id AND n.checkpoint_ns = c.checkpoint_ns
                                              AND n.checkpoint_id > c.checkpoint_id)
    UNION
    SELECT c.thread_id, c.checkpoint_ns, c.checkpoint_id FROM checkpoints c
    WHERE c.metadata ->> 'run_id' = ANY ($2::text[])
), places AS MATERIALIZED (
    SELECT DISTINCT thread_id, checkpoint_ns FROM doomed
), delta_channels AS MATERIALIZED (
    SELECT DISTINCT c.thread_id, c.checkpoint_ns, delta.channel
    FROM places JOIN checkpoints c USING (thread_id, checkpoint_ns)
    CROSS JOIN LATERAL jsonb_object_keys(
        CASE WHEN jsonb_typeof(c.metadata -> 'counters_since_delta_snapshot') = 'object'
             THEN c.metadata -> 'counters_since_delta_snapshot' ELSE '{}' END) AS delta (channel)
), needed AS (
    SELECT c.thread_id, c.checkpoint_ns, c.parent_id AS checkpoint_id, d.channel
    FROM delta_channels d JOIN checkpoints c USING (thread_id, checkpoint_ns)
    WHERE NOT EXISTS (SELECT FROM doomed WHERE (doomed.thread_id, doomed.checkpoint_ns, doomed.checkpoint_id)
                                             = (c.thread_id, c.checkpoint_ns, c.checkpoint_id))
      AND c.channel_versions ? d.channel
      AND NOT EXISTS (SELECT FROM checkpoint_values v
                      WHERE v.thread_id = c.thread_id AND v.checkpoint_ns = c.checkpoint_ns AND v.channel = d.channel
                        AND v.version = c.channel_versions ->> d.channel)
    UNION
    SELECT c.thread_id, c.checkpoint_ns, c.parent_id, needed.channel
    FROM needed JOIN checkpoints c USING (thread_id, checkpoint_ns, checkpoint_id)
    WHERE NOT EXISTS (SELECT FROM checkpoint_values v
                      WHERE v.thread_id = c.thread_id AND v.checkpoint_ns = c.checkpoint_ns AND v.channel = needed.channel
                        AND v.version = c.channel_versions ->> needed.channel)
), gone AS MATERIALIZED (
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM doomed
    EXCEPT
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM needed
), held AS MATERIALIZED (
    SELECT DISTINCT c.thread_id, c.checkpoint_ns, at.channel, at.version
    FROM places JOIN checkpoints c USING (thread_id, checkpoint_ns)
    CROSS JOIN LATERAL jsonb_each_text(c.channel_versions) AS at (channel, version)
    WHERE NOT EXISTS (SELECT FROM gone WHERE (gone.thread_id, gone.checkpoint_ns, gone.checkpoint_id)
                                           = (c.thread_id, c.checkpoint_ns, c.checkpoint_id))
), gone_writes AS (
    DELETE FROM checkpoint_writes w USING gone
    WHERE w.thread_id = gone.thread_id AND w.checkpoint_ns = gone.checkpoint_ns AND w.checkpoint_id = gone.checkpoint_id
), gone_values AS (
    DELETE FROM checkpoint_values v USING places
    WHERE v.thread_id = places.thread_id AND v.checkpoint_ns = places.checkpoint_ns
      AND NOT EXISTS (SELECT FROM held WHERE (held.thread_id, held.checkpoint_ns, held.channel, held.version)
                                           = (v.thread_id, v.checkpoint_ns, v.channel, v.version))
)
DELETE FROM checkpoints c USING gone
WHERE c.thread_id = gone.thread_id AND c.checkpoint_ns = gone.checkpoint_ns AND c.checkpoint_id = gone.checkpoint_id;
