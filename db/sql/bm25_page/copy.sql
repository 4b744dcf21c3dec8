-- Writes a segment's pages once more, into room that is free. $1 segment id, $2 id of the copy
INSERT INTO bm25_pages (segment_id, first_term, postings, positions)
SELECT $2, first_term, postings, positions FROM bm25_pages WHERE segment_id = $1 ORDER BY first_term;
