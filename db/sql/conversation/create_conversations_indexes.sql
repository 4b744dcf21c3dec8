-- A user's conversations, the last used first.
CREATE INDEX IF NOT EXISTS conversations_user ON conversations (user_id, updated_at DESC, id DESC);
