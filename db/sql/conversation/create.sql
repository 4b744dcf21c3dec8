-- $1 uid, $2 user id, $3 title, $4 toolchain, $5 model, $6 collections
INSERT INTO conversations (uid, user_id, title, toolchain_id, model, collection_ids) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id;
