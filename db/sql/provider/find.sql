-- The provider that a user means by a name: the user's own goes before everybody's. What an administrator connected is trusted while they are one. $1 user id, $2 name
SELECT uid, user_id IS NULL AS shared, name, base_url, secret, preview, header_names,
       trusted AND (user_id IS NULL OR EXISTS (SELECT FROM users u WHERE u.id = user_id AND u.is_admin)) AS trusted
FROM providers WHERE name = $2 AND (user_id = $1 OR user_id IS NULL)
ORDER BY user_id NULLS LAST LIMIT 1;
