-- The next pages of a segment, at least one and about as many bytes as asked. $1 segment id, $2 behind this first term
-- (null: from the beginning), $3 bytes
SELECT first_term, postings, positions FROM (
    SELECT first_term, postings, positions,
           sum(octet_length(postings) + octet_length(positions)) OVER (ORDER BY first_term)
           - octet_length(postings) - octet_length(positions) AS before
    FROM (
        SELECT first_term, postings, positions FROM bm25_pages
        WHERE segment_id = $1 AND ($2::text IS NULL OR first_term > $2) ORDER BY first_term LIMIT 128
    ) next
) measured
WHERE before < $3 ORDER BY first_term;
