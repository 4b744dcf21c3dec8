-- Holds a waiting run of the caller until the transaction ends. $1 user id, $2 uid
SELECT id, pauses FROM runs WHERE user_id = $1 AND uid = $2 AND status = 'waiting' FOR UPDATE;
