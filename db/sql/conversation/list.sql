-- The caller's conversations, the last used first. $1 user id, $2 limit, $3 those after this uid or null
-- returns: conversations.Conversation
SELECT uid::text AS conversation_id, title, toolchain_id, model, collection_ids::text[] AS collection_ids, created_at, updated_at
FROM conversations
WHERE user_id = $1
  AND ($3::uuid IS NULL OR (updated_at, id) < (SELECT b.updated_at, b.id FROM conversations b
                                                   WHERE b.uid = $3 AND b.user_id = $1))
ORDER BY updated_at DESC, id DESC LIMIT $2;
