-- $1 user id, $2 uid
DELETE FROM toolchain_drafts WHERE user_id = $1 AND uid = $2 RETURNING id;
