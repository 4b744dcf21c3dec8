-- The last result of each case that has ended, of definitions that the caller tested. $1 user id, $2 hashes
SELECT DISTINCT ON (c.definition_hash, e.number) c.definition_hash, e.number, e.name, e.status,
       c.uid::text AS case_run_id, e.run::text AS run_id
FROM case_runs c JOIN case_results e ON e.case_run_id = c.id
WHERE c.user_id = $1 AND c.definition_hash = ANY($2::bytea[]) AND e.status IN ('passed', 'failed')
ORDER BY c.definition_hash, e.number, c.id DESC;
