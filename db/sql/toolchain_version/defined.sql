-- The versions of the caller's toolchain with the names of their test cases, newest first. $1 user id, $2 slug, $3 limit
SELECT v.version, v.hash, v.version IS NOT DISTINCT FROM t.published_version AS published, v.created_at,
       coalesce((SELECT json_agg(c.value->>'name') FROM json_array_elements(d.definition->'tests') c), '[]') AS cases
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1 AND t.slug = $2
ORDER BY v.version DESC LIMIT $3;
