-- Listing by collection, finding by content, by source and by archive.
CREATE INDEX IF NOT EXISTS documents_collection ON documents (collection_id, id DESC);
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE INDEX IF NOT EXISTS documents_run ON documents (run_id);
CREATE INDEX IF NOT EXISTS documents_parent ON documents (parent_id) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS documents_source
    ON documents (collection_id, coalesce(parent_id, 0), md5(source)) WHERE source IS NOT NULL;
