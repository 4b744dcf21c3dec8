-- How many bytes the pages have, and how many their table takes.
SELECT coalesce(sum(octet_length(postings) + octet_length(positions)), 0)::bigint AS used,
       pg_total_relation_size('bm25_pages') AS taken
FROM bm25_pages;
