-- What a run leaves to its thread that nobody carries. $1 thread id, $2 user id, $3 keys, $4 operations, $5 values as text
INSERT INTO thread_values (thread_id, user_id, key, operation, value)
SELECT $1, $2, v.key, v.operation, v.value::jsonb
FROM unnest($3::text[], $4::text[], $5::text[]) AS v (key, operation, value);
