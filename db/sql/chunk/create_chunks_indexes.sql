-- Deleting a collection, and finding equal texts.
CREATE INDEX IF NOT EXISTS chunks_collection ON chunks (collection_id);
CREATE INDEX IF NOT EXISTS chunks_text_hash ON chunks (text_hash);
