-- Lets one transaction at a time take in a file for the document with $3 uid or, with null, for the one with $2 source in
-- $1 collection uid. What follows in the transaction is planned once for any values: it goes by keys, and planning it takes
-- longer than doing it.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', $1::uuid, coalesce((SELECT source FROM documents WHERE uid = $3), $3::uuid::text, $2)), 7364093));
