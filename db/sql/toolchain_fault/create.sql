-- Keeps the faults of a version. $1 toolchain id, $2 version, $3 paths, $4 messages
INSERT INTO toolchain_faults (toolchain_id, version, number, path, message)
SELECT $1, $2, number, path, message FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS f (path, message, number);
