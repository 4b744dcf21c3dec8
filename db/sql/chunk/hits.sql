-- The hits of a search in the caller's collections. $1 user id, $2 chunk ids, $3 scores, $4 BM25 scores, $5 cosines
-- returns: search.SearchHit
SELECT k.uid::text AS chunk_id, d.uid::text AS document_id, d.name AS document_name, c.uid::text AS collection_id,
       k.page, k.page_end, k.start_offset AS start, k.end_offset AS "end", k.text, k.headings,
       h.score, h.bm25_score, h.dense_score, d.metadata
FROM unnest($2::bigint[], $3::float8[], $4::float8[], $5::float8[])
     WITH ORDINALITY AS h (id, score, bm25_score, dense_score, rank)
JOIN chunks k ON k.id = h.id
JOIN documents d ON d.id = k.document_id
JOIN collections c ON c.id = d.collection_id AND c.user_id = $1
ORDER BY h.rank;
