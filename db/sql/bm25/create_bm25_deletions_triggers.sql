-- Whatever deletes chunks, searches know of it in the same transaction.
CREATE OR REPLACE FUNCTION bm25_note_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- When the collection itself is being deleted, its segments go with it.
    INSERT INTO bm25_deletions (collection_id, chunk_ids)
    SELECT g.collection_id, array_agg(g.id ORDER BY g.id) FROM gone g
    WHERE EXISTS (SELECT FROM collections c WHERE c.id = g.collection_id)
    GROUP BY g.collection_id ORDER BY g.collection_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER bm25_chunks_deleted AFTER DELETE ON chunks
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION bm25_note_deleted();
