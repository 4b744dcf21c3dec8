-- Publishes a version, or the latest; no row when there is no such version. $1 user id, $2 slug, $3 version or null
UPDATE toolchains t SET published_version = v.version
FROM toolchain_versions v
WHERE t.user_id = $1 AND t.slug = $2 AND v.toolchain_id = t.id
  AND v.version = coalesce($3::integer, (SELECT max(l.version) FROM toolchain_versions l WHERE l.toolchain_id = t.id))
RETURNING v.version;
