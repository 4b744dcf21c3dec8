-- Files. Their bytes lie in the object store under their SHA-256. `words_at`: its pages and passages are there and can be
-- searched by words; `indexed_at`: its vectors too. `generation`: of its collection, when it was cut. A member of an archive
-- has that archive as its parent. `origin`: what its source told of this content, such as an ETag.
CREATE TABLE IF NOT EXISTS documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    collection_id bigint NOT NULL REFERENCES collections ON DELETE CASCADE,
    run_id bigint REFERENCES runs ON DELETE SET NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    stage text,
    progress double precision NOT NULL DEFAULT 0,
    page_count integer NOT NULL DEFAULT 0,
    chunk_count integer NOT NULL DEFAULT 0,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    indexed_at timestamptz
);
-- What homes that were made before do not have. Of theirs, what is complete is searchable by words.
ALTER TABLE documents
    ADD COLUMN IF NOT EXISTS words_at timestamptz,
    ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS generation integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS source text,
    ADD COLUMN IF NOT EXISTS origin jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS warnings jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS is_archive boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS parent_id bigint REFERENCES documents ON DELETE CASCADE;
UPDATE documents SET words_at = indexed_at WHERE words_at IS NULL AND indexed_at IS NOT NULL;
