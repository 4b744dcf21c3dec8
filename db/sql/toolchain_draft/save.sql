-- Keeps a draft: a new one, or the next revision of the one that is known; no row when it has another revision by now and
-- says something else. $1 user id, $2 uid, $3 toolchain id or null, $4 base version or null, $5 definition, $6 revision
INSERT INTO toolchain_drafts AS d (user_id, uid, toolchain_id, base_version, definition, revision)
VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (user_id, uid) DO UPDATE
SET toolchain_id = excluded.toolchain_id, base_version = excluded.base_version, definition = excluded.definition,
    revision = d.revision + 1, updated_at = now()
WHERE d.revision = $6 OR d.definition::text = excluded.definition::text
RETURNING uid::text AS draft_id, revision, updated_at;
