-- $1 uid, $2 user id, $3 name, $4 description, $5 metadata, $6 language, $7 embedder
INSERT INTO collections (uid, user_id, name, description, metadata, language, embedder)
VALUES ($1, $2, $3, $4, $5, $6, $7);
