-- Whether a user has this collection. $1 user id, $2 uid
SELECT EXISTS (SELECT FROM collections WHERE user_id = $1 AND uid = $2);
