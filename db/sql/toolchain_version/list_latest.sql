-- The latest version of each of the caller's toolchains, with the published one where it is another, and what the last
-- upgrade found wrong with the two. $1 user id
SELECT t.slug AS id, v.version, d.definition, v.created_at AS updated_at, t.published_version, p.definition AS published,
       (SELECT coalesce(json_agg(json_build_object('version', f.version, 'path', f.path, 'message', f.message)
                                 ORDER BY f.version, f.number), '[]')
        FROM toolchain_faults f
        WHERE f.toolchain_id = t.id AND f.version IN (v.version, t.published_version)) AS faults
FROM toolchains t
JOIN LATERAL (
    SELECT * FROM toolchain_versions l WHERE l.toolchain_id = t.id ORDER BY l.version DESC LIMIT 1
) v ON true
JOIN toolchain_definitions d ON d.hash = v.hash
LEFT JOIN toolchain_versions r ON r.toolchain_id = t.id AND r.version = t.published_version
LEFT JOIN toolchain_definitions p ON p.hash = r.hash AND p.hash <> d.hash
WHERE t.user_id = $1
ORDER BY t.slug;
