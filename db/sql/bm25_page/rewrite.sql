-- Writes the pages of a segment once more, into room that is free. $1 segment id
UPDATE bm25_pages SET postings = postings || ''::bytea, positions = positions || ''::bytea WHERE segment_id = $1;
