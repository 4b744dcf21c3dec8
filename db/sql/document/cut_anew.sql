-- Begins to put passages that were cut anew in the place of a document's; no row when it has another content by now, or is
-- gone. $1 document id, $2 sha256, $3 generation
UPDATE documents SET words_at = NULL, indexed_at = NULL
WHERE id = $1 AND sha256 = $2 AND generation < $3 AND words_at IS NOT NULL
RETURNING id;
