-- All pages of segments that are small. $1 segment ids
SELECT segment_id, first_term, postings FROM bm25_pages WHERE segment_id = ANY($1) ORDER BY segment_id, first_term;
