-- Chunks of a document of the caller in order. $1 user id, $2 document uid, $3 behind this ordinal, $4 limit
SELECT k.uid::text AS chunk_id, d.uid::text AS document_id, d.name AS document_name, k.ordinal, k.page, k.page_end,
       k.start_offset AS start, k.end_offset AS "end", k.text, k.token_count, k.headings
FROM documents d
JOIN collections c ON c.id = d.collection_id AND c.user_id = $1
JOIN chunks k ON k.document_id = d.id AND k.ordinal > $3
WHERE d.uid = $2
ORDER BY k.ordinal LIMIT $4;
