-- Changes what is not null. $1 user id, $2 uid, $3 name, $4 description, $5 metadata
UPDATE collections SET name = coalesce($3, name), description = coalesce($4, description),
       metadata = coalesce($5, metadata), updated_at = now()
WHERE user_id = $1 AND uid = $2
RETURNING id;
