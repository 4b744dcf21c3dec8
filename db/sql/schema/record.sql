-- Notes what has been applied. $1 hash
INSERT INTO penstock_schema (hash) VALUES ($1)
ON CONFLICT (only_row) DO UPDATE SET hash = excluded.hash, applied_at = now();
