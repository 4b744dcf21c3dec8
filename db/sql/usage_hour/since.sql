-- Tokens since a time, of a user, a key or a model: the others are null. $1 since, $2 username, $3 key, $4 model
SELECT coalesce(sum(u.tokens_in + u.tokens_out), 0)::bigint AS tokens
FROM usage_hours u JOIN users p ON p.id = u.user_id
WHERE u.hour >= $1 AND ($2::text IS NULL OR lower(p.username) = $2) AND ($3::uuid IS NULL OR u.api_key = $3)
  AND ($4::text IS NULL OR u.model = $4);
