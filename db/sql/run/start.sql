-- Takes a run that is queued, or whose process has not been heard of for $2 seconds; no row when neither is so.
-- The attempt is counted here, at pick-up, so that one that kills its worker is counted too. $1 uid, $2 seconds
UPDATE runs r SET status = 'running', attempts = attempts + 1, started_at = coalesce(started_at, now()), heartbeat_at = now()
FROM users u, toolchain_definitions d
WHERE r.uid = $1 AND u.id = r.user_id AND d.hash = r.definition_hash
  AND (r.status = 'queued' OR (r.status = 'running' AND r.heartbeat_at < now() - make_interval(secs => $2)))
RETURNING r.id, r.uid, r.user_id, u.uid::text AS user_uid, u.username, u.is_admin, r.scopes, r.thread_id,
          r.toolchain_id, r.toolchain_version, r.definition_hash, d.definition, r.input, r.attempts, r.cancel_requested,
          (SELECT coalesce(max(e.sequence), 0) FROM run_events e WHERE e.run_id = r.id) AS last_sequence;
