-- Makes a document complete. $1 id, $2 page count, $3 chunk count
UPDATE documents SET page_count = $2, chunk_count = $3, progress = 1, indexed_at = now() WHERE id = $1 RETURNING id;
