-- One run of the caller. $1 user id, $2 uid
-- returns: runs.Run
SELECT uid::text AS run_id, thread_id::text AS thread_id, toolchain_id, toolchain_version, status, attempts, error, pauses,
       created_at, started_at, finished_at
FROM runs WHERE user_id = $1 AND uid = $2;
