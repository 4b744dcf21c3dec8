-- A draft of the caller. $1 user id, $2 uid
-- returns: drafts.Draft
SELECT uid::text AS draft_id, toolchain_id, left(coalesce(definition->>'title', ''), 200) AS title, base_version, revision,
       updated_at, definition AS toolchain
FROM toolchain_drafts WHERE user_id = $1 AND uid = $2;
