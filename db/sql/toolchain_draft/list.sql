-- The caller's drafts without their text, that which was written last first. $1 user id, $2 toolchain id or null
-- returns: drafts.DraftSummary
SELECT uid::text AS draft_id, toolchain_id, left(coalesce(definition->>'title', ''), 200) AS title, base_version, revision,
       updated_at
FROM toolchain_drafts WHERE user_id = $1 AND ($2::text IS NULL OR toolchain_id = $2)
ORDER BY updated_at DESC, id DESC;
