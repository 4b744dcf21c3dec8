-- The latest version of each of the caller's toolchains. $1 user id
SELECT DISTINCT ON (t.slug) t.slug AS id, v.version, d.definition, v.created_at AS updated_at
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1
ORDER BY t.slug, v.version DESC;
