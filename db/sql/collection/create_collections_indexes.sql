-- A user's collections.
CREATE INDEX IF NOT EXISTS collections_user ON collections (user_id);
