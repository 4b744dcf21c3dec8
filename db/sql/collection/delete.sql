-- Deletes a collection with all that is in it. $1 user id, $2 uid
DELETE FROM collections WHERE user_id = $1 AND uid = $2 RETURNING id;
