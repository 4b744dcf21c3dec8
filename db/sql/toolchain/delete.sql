-- $1 user id, $2 slug
DELETE FROM toolchains WHERE user_id = $1 AND slug = $2 RETURNING id;
