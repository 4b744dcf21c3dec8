-- Adds the cases of a running, none of which has begun. $1 id of the running, $2 numbers, $3 names
INSERT INTO case_results (case_run_id, number, name, status)
SELECT $1, number, name, 'queued' FROM unnest($2::integer[], $3::text[]) AS c (number, name);
