-- Lets another process do the background work. $1 key
SELECT pg_advisory_unlock($1);
