-- Whether a document has left some.
CREATE INDEX IF NOT EXISTS left_contents_document ON left_contents (document_id);
