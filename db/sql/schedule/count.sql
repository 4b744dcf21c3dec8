-- How many the user has. $1 user id
SELECT count(*) FROM schedules WHERE user_id = $1;
