-- One conversation of the caller. $1 user id, $2 uid
-- returns: conversations.Conversation
SELECT uid::text AS conversation_id, title, toolchain_id, model, collection_ids::text[] AS collection_ids, created_at, updated_at
FROM conversations WHERE user_id = $1 AND uid = $2;
