-- A user's webhooks, and those that a toolchain takes with it.
CREATE INDEX IF NOT EXISTS webhooks_user ON webhooks (user_id, id DESC);
CREATE INDEX IF NOT EXISTS webhooks_toolchain ON webhooks (toolchain);
