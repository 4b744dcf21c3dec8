-- One provider of an owner's. $1 owner or null, $2 name
SELECT uid, user_id IS NULL AS shared, name, base_url, secret, preview, header_names, trusted
FROM providers WHERE user_id IS NOT DISTINCT FROM $1 AND name = $2;
