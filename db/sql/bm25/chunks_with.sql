-- The chunks of documents whose metadata have these words, one behind the other, at a path; of a list, any entry counts.
-- Letters' case does not, nor how they are composed, nor what is no letter or digit. $1 collection ids, $2 path, $3 words
SELECT k.id FROM documents d JOIN chunks k ON k.document_id = d.id
WHERE d.collection_id = ANY($1) AND d.metadata #> $2 IS NOT NULL AND EXISTS (
    SELECT FROM jsonb_array_elements(
        CASE jsonb_typeof(d.metadata #> $2) WHEN 'array' THEN d.metadata #> $2
             ELSE jsonb_build_array(d.metadata #> $2) END) AS entry
    WHERE jsonb_typeof(entry) NOT IN ('array', 'object')
      AND to_tsvector('simple', regexp_replace(normalize(left(entry #>> '{}', 10000), NFKC), '[^[:alnum:]]+', ' ', 'g'))
        @@ phraseto_tsquery('simple', regexp_replace(normalize($3, NFKC), '[^[:alnum:]]+', ' ', 'g'))
)
ORDER BY k.id;
