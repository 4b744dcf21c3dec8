-- $1 uid, $2 user id, $3 name, $4 description, $5 metadata, $6 language, $7 embedder, $8 chunking
INSERT INTO collections (uid, user_id, name, description, metadata, language, embedder, chunking)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
