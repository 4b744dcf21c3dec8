-- Changes what is not null. $1 user id, $2 uid, $3 title, $4 toolchain, $5 model, $6 collections
UPDATE conversations SET title = coalesce($3, title), toolchain_id = coalesce($4, toolchain_id),
       model = coalesce($5, model), collection_ids = coalesce($6, collection_ids)
WHERE user_id = $1 AND uid = $2 RETURNING id;
