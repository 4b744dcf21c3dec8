-- The caller's runs, newest first. $1 user id, $2 limit, and each null or: $3 older than this uid, $4 toolchain, $5 status,
-- $6 thread. Of a run that is gone, or never was the caller's, its uid tells what is older: it begins with the time.
-- returns: runs.Run
SELECT uid::text AS run_id, thread_id::text AS thread_id, toolchain_id, toolchain_version, status, attempts, error, pauses,
       created_at, started_at, finished_at
FROM runs
WHERE user_id = $1
  AND ($3::uuid IS NULL OR id < coalesce((SELECT id FROM runs WHERE uid = $3 AND user_id = $1),
                                         (SELECT max(id) + 1 FROM runs WHERE uid < $3 AND user_id = $1)))
  AND ($4::text IS NULL OR toolchain_id = $4) AND ($5::text IS NULL OR status = $5)
  AND ($6::uuid IS NULL OR thread_id = $6)
ORDER BY id DESC LIMIT $2;
