-- Forgets what has expired.
DELETE FROM step_cache WHERE expires_at < now();
