-- Writes the last pages of a segment once more, into room that is free. $1 segment id, $2 share of its pages
UPDATE bm25_pages SET postings = postings || ''::bytea, positions = positions || ''::bytea
WHERE segment_id = $1 AND first_term >= (
    SELECT first_term FROM bm25_pages WHERE segment_id = $1 ORDER BY first_term
    OFFSET (SELECT floor((1 - $2::float8) * count(*))::bigint FROM bm25_pages WHERE segment_id = $1) LIMIT 1
);
