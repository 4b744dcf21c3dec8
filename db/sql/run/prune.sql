-- Forgets the steps of runs that ended more than $1 days ago.
WITH old AS (
    SELECT id FROM runs WHERE finished_at < now() - make_interval(secs => $1 * 86400)
      AND EXISTS (SELECT FROM run_steps s WHERE s.run_id = runs.id) ORDER BY finished_at LIMIT 500
)
DELETE FROM run_steps s USING old WHERE s.run_id = old.id;
