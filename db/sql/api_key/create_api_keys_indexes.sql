-- A user's keys.
CREATE INDEX IF NOT EXISTS api_keys_user ON api_keys (user_id);
