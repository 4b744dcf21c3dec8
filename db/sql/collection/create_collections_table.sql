-- A set of documents that are searched together. `generation` counts the changes of how they are cut and stemmed;
-- `next_embedder` is the model that a reindexing under way changes to.
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
-- Homes that were made before it had these columns.
ALTER TABLE collections
    ADD COLUMN IF NOT EXISTS chunking jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS generation integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS next_embedder text,
    ADD COLUMN IF NOT EXISTS reindex_run_id bigint REFERENCES runs ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS reindex_progress double precision NOT NULL DEFAULT 0;
