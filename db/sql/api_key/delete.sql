-- Ends a key; its hash tells the processes that have it cached. $1 user id, $2 uid
WITH gone AS (DELETE FROM api_keys WHERE user_id = $1 AND uid = $2 RETURNING key_hash)
SELECT pg_notify('api_key_deleted', encode(key_hash, 'hex')) FROM gone;
