-- Messages of a conversation of the caller, newest first. $1 user id, $2 conversation uid, $3 limit, $4 older than or null
-- returns: conversations.Message
SELECT message_id, role, content, status, error, sources, citations, run_id, created_at
FROM message_states
WHERE user_id = $1 AND conversation_uid = $2
  AND ($4::uuid IS NULL OR key < (SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
                                  WHERE m.uid = $4 AND c.uid = $2))
ORDER BY key DESC LIMIT $3;
