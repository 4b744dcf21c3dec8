-- What was said. An answer's text, sources and end are those of its run, so they are kept once.
CREATE TABLE IF NOT EXISTS messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL UNIQUE,
    conversation_id bigint NOT NULL REFERENCES conversations ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('user', 'assistant')),
    content text,
    run_id bigint REFERENCES runs ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
