-- What a source says of the same content. $1 document id, $2 metadata, $3 origin
UPDATE documents SET metadata = $2, origin = $3 WHERE id = $1;
