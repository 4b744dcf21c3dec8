-- The run that answered the caller's last question of these words. $1 user id, $2 question, $3 conversation uid or null
SELECT r.uid FROM messages q
JOIN conversations c ON c.id = q.conversation_id
JOIN LATERAL (SELECT a.run_id FROM messages a WHERE a.conversation_id = q.conversation_id AND a.id > q.id
              AND a.role = 'assistant' ORDER BY a.id LIMIT 1) a ON true
JOIN runs r ON r.id = a.run_id
WHERE c.user_id = $1 AND q.role = 'user' AND q.content = $2 AND ($3::uuid IS NULL OR c.uid = $3)
ORDER BY q.id DESC LIMIT 1;
