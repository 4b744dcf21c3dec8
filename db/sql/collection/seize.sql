-- Lets nobody add to a collection of the caller until the transaction ends; who has begun to is waited for; no row when it
-- is not there. $1 user id, $2 uid
SELECT id FROM collections WHERE user_id = $1 AND uid = $2 FOR UPDATE;
