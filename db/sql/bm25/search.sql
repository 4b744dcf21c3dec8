-- Best chunks by BM25 as Lucene computes it, k1 = 1.2, b = 0.75: idf ln(1 + (N - df + .5) / (df + .5)), and
-- tf / (tf + k1 (1 - b + b length / average)). N, df and the average are those of the searched collections together.
-- $1 collection ids, $2 query, $3 limit, $4 document ids or null
WITH query AS (
    SELECT c.id AS collection_id, t.term, t.frequency
    FROM collections c CROSS JOIN LATERAL bm25_terms(c.language::regconfig, $2) t WHERE c.id = ANY($1)
), totals AS (
    SELECT sum(chunk_count)::float8 AS n, sum(term_count)::float8 / greatest(sum(chunk_count), 1) AS average
    FROM bm25_statistics WHERE collection_id = ANY($1)
), matches AS (
    SELECT p.chunk_id, p.frequency, p.length, q.frequency AS weight, count(*) OVER (PARTITION BY p.term) AS df
    FROM query q JOIN bm25_postings p ON p.collection_id = q.collection_id AND p.term = q.term
)
SELECT m.chunk_id,
       -- Constants are float8: as they stand they would be numeric, and so would all that is calculated with them.
       sum(m.weight * ln(1 + (t.n - m.df + 0.5::float8) / (m.df + 0.5::float8))
           * m.frequency / (m.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * m.length / t.average))) AS score
FROM matches m CROSS JOIN totals t
WHERE $4::bigint[] IS NULL OR m.chunk_id IN (SELECT k.id FROM chunks k WHERE k.document_id = ANY($4))
GROUP BY m.chunk_id
ORDER BY score DESC, m.chunk_id LIMIT $3;
