-- Lets one transaction at a time keep or delete the files of these contents, so that no deletion takes a file that an
-- upload has just come to need. In one order, so that two transactions never wait for each other. $1 sha256 list
SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(encode(sha256, 'hex'), 0) AS key FROM unnest($1::bytea[]) AS sha256 ORDER BY key
) AS keys;
