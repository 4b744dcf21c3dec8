-- Messages as callers see them. An answer that did not come to its end has the text that had been streamed.
CREATE OR REPLACE VIEW message_states AS
SELECT m.id AS key, c.user_id, c.uid AS conversation_uid, m.uid AS message_uid, m.uid::text AS message_id, m.role,
       CASE WHEN m.role = 'user' THEN coalesce(m.content, '')
            WHEN r.status = 'completed' THEN coalesce(r.output ->> 'answer', '')
            ELSE coalesce((SELECT string_agg(e.data ->> 'text', '' ORDER BY e.sequence) FROM run_events e
                           WHERE e.run_id = r.id AND e.event = 'delta' AND e.data ->> 'path' = d.definition ->> 'stream'
                             AND e.sequence > (SELECT max(s.sequence) FROM run_events s
                                               WHERE s.run_id = r.id AND s.event = 'run_started')), '') END AS content,
       CASE WHEN m.role = 'user' OR r.status = 'completed' THEN 'complete'
            WHEN r.status = 'cancelled' THEN 'aborted'
            WHEN r.id IS NULL OR r.status IN ('failed', 'dead') THEN 'failed'
            ELSE 'streaming' END AS status,
       r.error ->> 'message' AS error,
       coalesce(CASE WHEN jsonb_typeof(r.output -> 'sources') = 'array' THEN r.output -> 'sources' END, '[]') AS sources,
       coalesce(CASE WHEN jsonb_typeof(r.output -> 'citations') = 'array' THEN r.output -> 'citations' END, '[]') AS citations,
       r.uid::text AS run_id, m.created_at
FROM messages m
JOIN conversations c ON c.id = m.conversation_id
LEFT JOIN runs r ON r.id = m.run_id
LEFT JOIN toolchain_definitions d ON d.hash = r.definition_hash;
