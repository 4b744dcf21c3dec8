-- Finding what has expired.
CREATE INDEX IF NOT EXISTS step_cache_expired ON step_cache (expires_at);
