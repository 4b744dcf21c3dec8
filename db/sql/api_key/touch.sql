-- Notes that keys were used. $1 hashes
UPDATE api_keys SET last_used_at = now() WHERE key_hash = ANY($1);
