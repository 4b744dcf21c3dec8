-- Whether the first account has been made.
SELECT EXISTS (SELECT FROM users) AS exists_any;
