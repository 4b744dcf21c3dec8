-- The chunks of a collection's complete documents, ascending. $1 collection id
SELECT k.id FROM chunks k JOIN documents d ON d.id = k.document_id
WHERE k.collection_id = $1 AND d.indexed_at IS NOT NULL ORDER BY k.id;
