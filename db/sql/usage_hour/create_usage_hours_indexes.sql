-- A user's use over time; and what a key or a model has used since midnight.
CREATE INDEX IF NOT EXISTS usage_hours_user ON usage_hours (user_id, hour);
