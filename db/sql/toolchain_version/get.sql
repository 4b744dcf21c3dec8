-- A version of the caller's toolchain, or the latest. $1 user id, $2 slug, $3 version or null
SELECT t.slug AS id, v.version, v.hash, d.definition
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1 AND t.slug = $2 AND ($3::integer IS NULL OR v.version = $3)
ORDER BY v.version DESC LIMIT 1;
