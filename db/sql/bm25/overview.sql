-- What background work looks at: every segment that is live, how long ago its collection got its last one, and how much
-- of the collection has been deleted since.
SELECT s.id, s.collection_id, s.language, s.chunk_count, c.language AS wanted_language,
       extract(epoch FROM now() - max(s.created_at) OVER (PARTITION BY s.collection_id))::float8 AS quiet_seconds,
       coalesce(d.deletions, 0) AS deletions, coalesce(d.deleted, 0) AS deleted
FROM bm25_segments s
JOIN collections c ON c.id = s.collection_id
LEFT JOIN (
    SELECT collection_id, count(*) AS deletions, sum(chunk_count) AS deleted FROM bm25_deletions GROUP BY collection_id
) d ON d.collection_id = s.collection_id
WHERE s.live
ORDER BY s.collection_id, s.id;
