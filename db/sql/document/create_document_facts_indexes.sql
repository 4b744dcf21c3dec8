-- Conditions that say what a field is or holds.
CREATE INDEX IF NOT EXISTS documents_all_facts ON documents
    USING gin (document_facts(uid, name, content_type, size, page_count, created_at, source, metadata));
DROP INDEX IF EXISTS documents_facts;
DROP FUNCTION IF EXISTS document_facts(uuid, text, text, bigint, integer, timestamptz, jsonb);
