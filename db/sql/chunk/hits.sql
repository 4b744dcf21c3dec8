-- The hits of a search in the caller's collections, best first, with the texts beside them: each text once, with the
-- best hit that it is beside, and none that is a hit itself; one row without a hit when there is none. `holds`: whether
-- all of the chunks are there, and collections have the embedders, and as many deletions, as the search found.
-- $1 user id, $2 chunk ids, $3 scores, $4 BM25 scores, $5 cosines, $6 scores of a reranker, $7 at most so many of one
-- document or null, $8 limit, $9 how many texts beside, $10 collections, $11 their embedders, $12 their deletions, null
-- where any will do
WITH ranked AS (
    SELECT k.id, k.document_id, k.ordinal, c.uid AS collection_uid, c.language,
           h.score, h.bm25_score, h.dense_score, h.rerank_score, h.rank,
           row_number() OVER (PARTITION BY k.document_id ORDER BY h.rank) AS place
    FROM unnest($2::bigint[], $3::float8[], $4::float8[], $5::float8[], $6::float8[])
         WITH ORDINALITY AS h (id, score, bm25_score, dense_score, rerank_score, rank)
    JOIN chunks k ON k.id = h.id
    JOIN collections c ON c.id = k.collection_id AND c.user_id = $1
), chosen AS MATERIALIZED (
    SELECT * FROM ranked WHERE $7::integer IS NULL OR place <= $7 ORDER BY rank LIMIT $8
), beside AS MATERIALIZED (
    SELECT DISTINCT ON (n.id) n.id, n.ordinal, n.text, h.id AS hit_id, n.ordinal < h.ordinal AS comes_before
    FROM chosen h
    JOIN chunks n ON n.document_id = h.document_id AND n.ordinal BETWEEN h.ordinal - $9::integer AND h.ordinal + $9
    WHERE $9 > 0 AND n.id <> ALL(ARRAY(SELECT id FROM chosen))
    ORDER BY n.id, h.rank
), told AS (
    SELECT (SELECT count(*) FROM ranked) = cardinality($2) AND (SELECT scope_holds($10, $11, $12)) AS holds
)
SELECT t.holds, h.id, h.language, k.uid::text AS chunk_id, d.uid::text AS document_id, d.name AS document_name,
       h.collection_uid::text AS collection_id, k.page, k.page_end, k.start_offset AS start, k.end_offset AS "end",
       k.text, k.headings, h.score, h.bm25_score, h.dense_score, h.rerank_score, d.metadata,
       ARRAY(SELECT b.text FROM beside b WHERE b.hit_id = h.id AND b.comes_before ORDER BY b.ordinal) AS before,
       ARRAY(SELECT b.text FROM beside b WHERE b.hit_id = h.id AND NOT b.comes_before ORDER BY b.ordinal) AS after
FROM told t
LEFT JOIN (chosen h JOIN chunks k ON k.id = h.id JOIN documents d ON d.id = h.document_id) ON true
ORDER BY h.rank;
