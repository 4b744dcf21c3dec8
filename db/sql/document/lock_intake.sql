-- Lets one transaction at a time take in a file for the document with $3 uid or, with null, for the one with $2 source in
-- $1 collection uid.
SELECT pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', $1::uuid, coalesce((SELECT source FROM documents WHERE uid = $3), $3::uuid::text, $2)), 7364093));
