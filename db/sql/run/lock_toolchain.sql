-- One caller at a time decides whether a user's next run of a toolchain may begin. $1 user id, $2 toolchain id
SELECT pg_advisory_xact_lock(hashtextextended($1::bigint || ' ' || $2::text, 7364092));
