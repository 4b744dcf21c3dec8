-- The collection of the caller that a run reindexes. $1 user id, $2 uid, $3 run uid
SELECT c.id, c.embedder, c.embedder_id, c.next_embedder, c.generation,
       (SELECT count(*) FROM documents d WHERE d.collection_id = c.id AND d.words_at IS NOT NULL
                                              AND NOT d.is_archive) AS documents
FROM collections c JOIN runs r ON r.id = c.reindex_run_id
WHERE c.user_id = $1 AND c.uid = $2 AND r.uid = $3;
