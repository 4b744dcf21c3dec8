-- How many drafts the caller has beside one. $1 user id, $2 uid
SELECT count(*) FROM toolchain_drafts WHERE user_id = $1 AND uid <> $2;
