-- The versions of the caller's toolchain, newest first. $1 user id, $2 slug, $3 limit, $4 older than this one or null
-- returns: versions.ToolchainVersion
SELECT v.version, d.definition->>'title' AS title, v.note, v.version IS NOT DISTINCT FROM t.published_version AS published,
       v.created_at
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1 AND t.slug = $2 AND ($4::integer IS NULL OR v.version < $4)
ORDER BY v.version DESC LIMIT $3;
