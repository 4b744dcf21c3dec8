-- The last runs of a toolchain of the caller by the version that they ran, newest version first. $1 user id, $2 toolchain id,
-- $3 how many runs to look at
-- returns: versions.VersionUse
SELECT r.toolchain_version AS version, count(*) AS runs,
       count(*) FILTER (WHERE r.status IN ('queued', 'running', 'waiting')) AS open_runs, max(r.created_at) AS last_run_at
FROM (SELECT * FROM runs WHERE user_id = $1 AND toolchain_id = $2 ORDER BY id DESC LIMIT $3) r
GROUP BY r.toolchain_version ORDER BY r.toolchain_version DESC;
