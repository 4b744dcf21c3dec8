-- A conversation's messages, and the message of a run.
CREATE INDEX IF NOT EXISTS messages_conversation ON messages (conversation_id, id);
CREATE INDEX IF NOT EXISTS messages_run ON messages (run_id);
