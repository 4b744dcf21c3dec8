-- Adds a message to a conversation of the caller and marks it as just used. $1 uid, $2 user id, $3 conversation uid,
-- $4 role, $5 content or null, $6 run uid or null
WITH used AS (
    UPDATE conversations SET updated_at = now() WHERE user_id = $2 AND uid = $3 RETURNING id
)
INSERT INTO messages (uid, conversation_id, role, content, run_id)
SELECT $1, used.id, $4, $5, (SELECT r.id FROM runs r WHERE r.uid = $6) FROM used
RETURNING id;
