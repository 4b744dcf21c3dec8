-- One caller at a time decides about a thread. $1 thread id as text
SELECT pg_advisory_xact_lock(hashtextextended($1, 7364091));
