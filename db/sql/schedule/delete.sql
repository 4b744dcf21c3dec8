-- Ends a schedule; its runs stay. $1 user id, $2 uid
DELETE FROM schedules WHERE user_id = $1 AND uid = $2 RETURNING id;
