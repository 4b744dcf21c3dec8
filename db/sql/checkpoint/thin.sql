-- Deletes checkpoints: of threads all but the newest of each namespace, of runs all. One from which a channel of another
-- that stays is made (see delta_history) stays too; values that no checkpoint has any more go. Rows are found by their
-- keys (LIMIT 1 and OFFSET 0 leave no other way), compared as sets and deleted by their place on the disk, so that the
-- time taken grows with the history and no faster. $1 thread ids, $2 run ids
WITH RECURSIVE places AS MATERIALIZED (
    SELECT touched.thread_id, touched.checkpoint_ns,
           (SELECT max(k.checkpoint_id) FROM checkpoints k
            WHERE k.thread_id = touched.thread_id AND k.checkpoint_ns = touched.checkpoint_ns) AS newest,
           (SELECT array_agg(DISTINCT delta.channel) FROM checkpoints k
            CROSS JOIN LATERAL jsonb_object_keys(
                CASE WHEN jsonb_typeof(k.metadata -> 'counters_since_delta_snapshot') = 'object'
                     THEN k.metadata -> 'counters_since_delta_snapshot' ELSE '{}' END) AS delta (channel)
            WHERE k.thread_id = touched.thread_id AND k.checkpoint_ns = touched.checkpoint_ns) AS deltas
    FROM (
        SELECT c.thread_id, c.checkpoint_ns FROM checkpoints c WHERE c.thread_id = ANY ($1::text[])
        UNION
        SELECT c.thread_id, c.checkpoint_ns FROM checkpoints c WHERE c.metadata ->> 'run_id' = ANY ($2::text[])
    ) touched
), states AS MATERIALIZED (
    SELECT p.thread_id, p.checkpoint_ns, c.checkpoint_id, c.parent_id, c.channel_versions, p.deltas,
           coalesce(c.run_id = ANY ($2::text[]), false)
           OR (p.thread_id = ANY ($1::text[]) AND c.checkpoint_id < p.newest) AS doomed
    FROM places p
    CROSS JOIN LATERAL (
        SELECT k.checkpoint_id, k.parent_id, k.channel_versions, k.metadata ->> 'run_id' AS run_id FROM checkpoints k
        WHERE k.thread_id = p.thread_id AND k.checkpoint_ns = p.checkpoint_ns OFFSET 0
    ) c
), needed AS (
    SELECT s.thread_id, s.checkpoint_ns, s.parent_id AS checkpoint_id, open.channel
    FROM states s CROSS JOIN LATERAL unnest(s.deltas) AS open (channel)
    WHERE NOT s.doomed AND s.channel_versions ? open.channel
      AND (SELECT true FROM checkpoint_values v
           WHERE v.thread_id = s.thread_id AND v.checkpoint_ns = s.checkpoint_ns AND v.channel = open.channel
             AND v.version = s.channel_versions ->> open.channel LIMIT 1) IS NULL
    UNION
    SELECT n.thread_id, n.checkpoint_ns, c.parent_id, n.channel
    FROM needed n
    CROSS JOIN LATERAL (
        SELECT k.parent_id, k.channel_versions FROM checkpoints k
        WHERE k.thread_id = n.thread_id AND k.checkpoint_ns = n.checkpoint_ns AND k.checkpoint_id = n.checkpoint_id LIMIT 1
    ) c
    WHERE (SELECT true FROM checkpoint_values v
           WHERE v.thread_id = n.thread_id AND v.checkpoint_ns = n.checkpoint_ns AND v.channel = n.channel
             AND v.version = c.channel_versions ->> n.channel LIMIT 1) IS NULL
), gone AS MATERIALIZED (
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM states WHERE doomed
    EXCEPT
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM needed
), staying AS MATERIALIZED (
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM states
    EXCEPT
    SELECT thread_id, checkpoint_ns, checkpoint_id FROM gone
), lost_values AS MATERIALIZED (
    SELECT v.at FROM places p
    CROSS JOIN LATERAL (SELECT k.ctid AS at FROM checkpoint_values k
                        WHERE k.thread_id = p.thread_id AND k.checkpoint_ns = p.checkpoint_ns OFFSET 0) v
    EXCEPT
    SELECT held.at FROM staying s
    CROSS JOIN LATERAL (
        SELECT k.channel_versions FROM checkpoints k
        WHERE k.thread_id = s.thread_id AND k.checkpoint_ns = s.checkpoint_ns AND k.checkpoint_id = s.checkpoint_id LIMIT 1
    ) c
    CROSS JOIN LATERAL jsonb_each_text(c.channel_versions) AS has (channel, version)
    CROSS JOIN LATERAL (
        SELECT k.ctid AS at FROM checkpoint_values k
        WHERE k.thread_id = s.thread_id AND k.checkpoint_ns = s.checkpoint_ns AND k.channel = has.channel
          AND k.version = has.version LIMIT 1
    ) held
), gone_values AS (
    DELETE FROM checkpoint_values WHERE ctid = ANY (ARRAY (SELECT at FROM lost_values))
), gone_writes AS (
    DELETE FROM checkpoint_writes WHERE ctid = ANY (ARRAY (
        SELECT w.at FROM gone CROSS JOIN LATERAL (
            SELECT k.ctid AS at FROM checkpoint_writes k
            WHERE k.thread_id = gone.thread_id AND k.checkpoint_ns = gone.checkpoint_ns
              AND k.checkpoint_id = gone.checkpoint_id OFFSET 0) w))
)
DELETE FROM checkpoints WHERE ctid = ANY (ARRAY (
    SELECT c.at FROM gone CROSS JOIN LATERAL (
        SELECT k.ctid AS at FROM checkpoints k
        WHERE k.thread_id = gone.thread_id AND k.checkpoint_ns = gone.checkpoint_ns
          AND k.checkpoint_id = gone.checkpoint_id LIMIT 1) c));
