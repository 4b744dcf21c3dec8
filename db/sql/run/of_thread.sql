-- How many runs a thread of the caller has had. $1 user id, $2 thread id
SELECT count(*) FROM runs WHERE user_id = $1 AND thread_id = $2;
