-- The caller's runs, newest first. $1 user id, $2 limit, $3 older than this uid or null, $4 toolchain or null, $5 status or null
-- returns: runs.Run
SELECT uid::text AS run_id, thread_id::text AS thread_id, toolchain_id, toolchain_version, status, attempts, error, pauses,
       created_at, started_at, finished_at
FROM runs
WHERE user_id = $1 AND ($3::uuid IS NULL OR id < (SELECT id FROM runs WHERE uid = $3))
  AND ($4::text IS NULL OR toolchain_id = $4) AND ($5::text IS NULL OR status = $5)
ORDER BY id DESC LIMIT $2;
