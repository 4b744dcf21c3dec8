-- Keeps a definition. $1 hash, $2 definition
INSERT INTO toolchain_definitions (hash, definition) VALUES ($1, $2) ON CONFLICT DO NOTHING;
