-- A collection without vectors takes the embedder of its first ones. $1 collection, $2 embedder
UPDATE collections SET embedder_id = $2 WHERE id = $1 AND embedder_id IS NULL;
