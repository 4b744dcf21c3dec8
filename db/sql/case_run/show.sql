-- A running of cases of the caller, with its results. $1 user id, $2 uid
-- returns: cases.CaseRun
SELECT c.uid::text AS case_run_id, c.toolchain_id, c.version, c.run::text AS run_id, r.status, c.created_at,
       (SELECT coalesce(json_agg(json_build_object(
                   'number', e.number, 'name', e.name, 'status', e.status, 'run_id', e.run,
                   'duration_ms', e.duration_ms, 'error', e.error, 'checks', e.checks) ORDER BY e.number), '[]')
        FROM case_results e WHERE e.case_run_id = c.id) AS results
FROM case_runs c JOIN runs r ON r.uid = c.run WHERE c.user_id = $1 AND c.uid = $2;
