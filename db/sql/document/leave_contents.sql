-- Notes contents that a transaction gives up. $1 document id, $2 sha256 list
INSERT INTO left_contents (document_id, sha256) SELECT $1, sha256 FROM unnest($2::bytea[]) AS sha256 RETURNING id;
