-- The id of an embedder; makes it when it is new. $1 name, $2 dimensions, $3 fingerprint
SELECT register_embedder($1, $2, $3) AS id;
