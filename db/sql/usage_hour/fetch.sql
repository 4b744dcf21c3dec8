-- Use between two times, summed by what is wanted. $1 user id or null for all, $2 from, $3 to, $4 group_by
-- returns: gateway.UsageRow
SELECT
    CASE WHEN $4::text[] && '{hour}' THEN u.hour WHEN $4::text[] && '{day}' THEN date_trunc('day', u.hour) END AS time,
    CASE WHEN $4::text[] && '{user}' THEN p.username END AS username,
    CASE WHEN $4::text[] && '{api_key}' THEN u.api_key::text END AS api_key_id,
    CASE WHEN $4::text[] && '{api_key}' THEN k.title END AS api_key_title,
    CASE WHEN $4::text[] && '{model}' THEN u.model END AS model,
    sum(u.requests)::bigint AS requests, sum(u.failed)::bigint AS failed, sum(u.estimated)::bigint AS estimated,
    sum(u.tokens_in)::bigint AS tokens_in, sum(u.tokens_out)::bigint AS tokens_out,
    sum(u.tokens_cached)::bigint AS tokens_cached
FROM usage_hours u JOIN users p ON p.id = u.user_id LEFT JOIN api_keys k ON k.uid = u.api_key
WHERE ($1::bigint IS NULL OR u.user_id = $1) AND u.hour >= $2 AND u.hour < $3
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 5
LIMIT 10000;
