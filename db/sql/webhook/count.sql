-- How many the user has. $1 user id
SELECT count(*) FROM webhooks WHERE user_id = $1;
