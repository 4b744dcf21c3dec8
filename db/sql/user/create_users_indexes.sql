-- Names that differ only in case are one name.
CREATE UNIQUE INDEX IF NOT EXISTS users_username_key ON users (lower(username));
