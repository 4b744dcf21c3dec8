-- Says something of a version. $1 user id, $2 slug, $3 version, $4 note
UPDATE toolchain_versions v SET note = $4
FROM toolchains t WHERE t.user_id = $1 AND t.slug = $2 AND v.toolchain_id = t.id AND v.version = $3;
