-- Deleting a collection.
CREATE INDEX IF NOT EXISTS chunks_collection ON chunks (collection_id);
