-- Makes those who add schedules for a user wait for each other until the transaction ends. $1 user id
SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE;
