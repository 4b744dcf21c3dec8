-- Gives up a newer content. $1 document id
DELETE FROM document_updates WHERE document_id = $1;
