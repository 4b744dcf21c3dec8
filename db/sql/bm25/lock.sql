-- One process at a time does the background work. $1 key
SELECT pg_try_advisory_lock($1);
