-- What is due, a user's schedules, and those that a toolchain takes with it.
CREATE INDEX IF NOT EXISTS schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS schedules_user ON schedules (user_id, id DESC);
CREATE INDEX IF NOT EXISTS schedules_toolchain ON schedules (toolchain);
