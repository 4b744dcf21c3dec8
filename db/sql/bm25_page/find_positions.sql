-- As find.sql, with the positions. $1 segment ids, $2 terms, one each
SELECT w.place, p.postings, p.positions
FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS w (segment_id, term, place)
CROSS JOIN LATERAL (
    SELECT postings, positions FROM bm25_pages
    WHERE segment_id = w.segment_id AND first_term <= w.term ORDER BY first_term DESC LIMIT 1
) p;
