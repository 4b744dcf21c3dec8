-- The latest and the published version of everybody's toolchains, as text.
SELECT t.id AS toolchain_id, t.slug, u.username, v.version, d.definition::text AS definition
FROM toolchains t
JOIN users u ON u.id = t.user_id
JOIN toolchain_versions v ON v.toolchain_id = t.id
JOIN toolchain_definitions d ON d.hash = v.hash
WHERE v.version IN (t.published_version, (SELECT max(l.version) FROM toolchain_versions l WHERE l.toolchain_id = t.id))
ORDER BY t.id, v.version;
