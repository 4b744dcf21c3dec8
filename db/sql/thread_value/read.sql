-- What a thread of the user remembered at a sequence number: of every key the last value set, and what was added since.
-- $1 user id, $2 thread id, $3 sequence
SELECT v.key, v.operation, v.value, v.sequence
FROM thread_values v
WHERE v.user_id = $1 AND v.thread_id = $2 AND v.sequence <= $3
  AND v.sequence >= coalesce((SELECT max(s.sequence) FROM thread_values s
                              WHERE s.thread_id = $2 AND s.key = v.key AND s.operation = 'set' AND s.sequence <= $3), 0)
ORDER BY v.sequence;
