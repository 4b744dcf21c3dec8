-- A user's providers and everybody's, without their keys. $1 user id
-- returns: gateway.Provider
SELECT name, base_url, user_id IS NULL AS shared, preview, header_names, prices, updated_at
FROM providers WHERE user_id = $1 OR user_id IS NULL
ORDER BY name, user_id NULLS LAST;
