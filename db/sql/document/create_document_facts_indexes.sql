-- Conditions that say what a field is or holds.
CREATE INDEX IF NOT EXISTS documents_facts ON documents
    USING gin (document_facts(uid, name, content_type, size, page_count, created_at, metadata));
