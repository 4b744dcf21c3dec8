-- A version of the caller's toolchain; without one the published version, or while there is none the latest.
-- $1 user id, $2 slug, $3 version or null
SELECT t.slug AS id, v.version, d.definition
FROM toolchains t JOIN toolchain_versions v ON v.toolchain_id = t.id JOIN toolchain_definitions d ON d.hash = v.hash
WHERE t.user_id = $1 AND t.slug = $2
  AND v.version = coalesce(
      $3::integer, t.published_version, (SELECT max(l.version) FROM toolchain_versions l WHERE l.toolchain_id = t.id)
  );
