-- A chunk of the caller with those beside it, in order. $1 user id, $2 uid
SELECT k.uid::text AS chunk_id, d.uid::text AS document_id, d.name AS document_name, k.ordinal, k.page, k.page_end,
       k.start_offset AS start, k.end_offset AS "end", k.text, k.token_count, k.headings
FROM chunks here
JOIN chunks k ON k.document_id = here.document_id AND k.ordinal BETWEEN here.ordinal - 1 AND here.ordinal + 1
JOIN documents d ON d.id = k.document_id
JOIN collections c ON c.id = d.collection_id
WHERE c.user_id = $1 AND here.uid = $2
ORDER BY k.ordinal;
