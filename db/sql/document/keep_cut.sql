-- Leaves a document as it was cut, and says why. $1 document id, $2 generation, $3 warning
UPDATE documents SET generation = $2, warnings = warnings || to_jsonb($3::text) WHERE id = $1;
