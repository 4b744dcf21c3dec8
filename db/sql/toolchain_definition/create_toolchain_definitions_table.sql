-- Toolchains as written, by the SHA-256 of their JSON: a run keeps the one that it ran, whatever is saved later.
-- The type json keeps the order of keys.
CREATE TABLE IF NOT EXISTS toolchain_definitions (
    hash bytea PRIMARY KEY,
    definition json NOT NULL
);
