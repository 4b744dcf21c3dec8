-- The pages on which terms are, if they are anywhere. $1 segment ids, $2 terms, one each
SELECT w.place, p.first_term, p.postings
FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS w (segment_id, term, place)
CROSS JOIN LATERAL (
    SELECT first_term, postings FROM bm25_pages
    WHERE segment_id = w.segment_id AND first_term <= w.term ORDER BY first_term DESC LIMIT 1
) p;
