-- A set of documents that are searched together.
CREATE TABLE IF NOT EXISTS collections (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    metadata jsonb NOT NULL DEFAULT '{}',
    language text NOT NULL DEFAULT 'english',
    embedder text NOT NULL,
    chunking jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
-- Homes that were made before it had this column.
ALTER TABLE collections ADD COLUMN IF NOT EXISTS chunking jsonb NOT NULL DEFAULT '{}';
