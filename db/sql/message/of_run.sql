-- The answer that a run of the caller gives, and its conversation. $1 user id, $2 run uid
SELECT m.uid::text AS message_id, c.uid::text AS conversation_id
FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN runs r ON r.id = m.run_id
WHERE c.user_id = $1 AND r.uid = $2;
