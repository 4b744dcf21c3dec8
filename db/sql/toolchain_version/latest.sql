-- The latest version of the caller's toolchain. $1 user id, $2 slug
SELECT t.slug AS id, v.version, d.definition
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1 AND t.slug = $2
ORDER BY v.version DESC LIMIT 1;
