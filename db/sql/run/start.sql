-- Takes a run that is queued and whose turn it is, or whose process has not been heard of for $2 seconds; no row when
-- neither is so. A run waits for those before it on its thread when it is exclusive, and for the limits of its toolchain
-- and its user.
-- It is not waited for until that is on the disk: what the run then does brings it there before itself, and a run that a
-- crash of PostgreSQL takes back into the queue has done nothing.
-- The attempt is counted here, at pick-up, so that one that kills its worker is counted too. $1 uid, $2 seconds,
-- $3 how many runs of one user may be carried at once
UPDATE runs r SET status = 'running', attempts = attempts + 1, epoch = epoch + 1, pauses = '[]', wake_at = NULL,
                  started_at = coalesce(started_at, now()), heartbeat_at = now(),
                  base_sequence = coalesce(base_sequence, (SELECT coalesce(max(v.sequence), 0) FROM thread_values v
                                                           WHERE v.thread_id = r.base_thread))
FROM users u, toolchain_definitions d, set_config('synchronous_commit', 'off', true)
WHERE r.uid = $1 AND u.id = r.user_id AND d.hash = r.definition_hash
  AND ((r.status = 'queued'
        AND NOT (r.exclusive AND EXISTS (
            SELECT FROM runs o WHERE o.user_id = r.user_id AND o.thread_id = r.thread_id AND o.id < r.id
                                 AND o.status IN ('queued', 'running', 'waiting')))
        AND $3 > (SELECT count(*) FROM runs o WHERE o.user_id = r.user_id AND o.status = 'running')
        AND CASE WHEN r.concurrency IS NULL THEN true
                 ELSE r.concurrency > runs_at_work(r.user_id, r.toolchain_id) END)
       OR (r.status = 'running' AND r.heartbeat_at < now() - make_interval(secs => $2)))
RETURNING r.id, r.uid, r.user_id, u.uid::text AS user_uid, u.username, u.is_admin, r.scopes, r.api_key, r.thread_id,
          r.toolchain_id, r.toolchain_version, r.definition_hash, d.definition, r.input, r.attempts, r.epoch, r.priority,
          r.cancel_requested, r.base_thread, r.base_sequence, r.time, r.paused_ms, r.pinned, r.only_node, r.only_round,
          extract(epoch FROM r.started_at - r.created_at)::double precision * 1000 AS queue_ms,
          (SELECT coalesce(max(e.sequence), 0) FROM run_events e WHERE e.run_id = r.id) AS last_event,
          (SELECT coalesce(max(s.sequence), 0) FROM run_steps s WHERE s.run_id = r.id) AS last_step;
