-- Whatever adds or deletes chunks, the statistics follow in the same transaction.
CREATE OR REPLACE FUNCTION bm25_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bm25_statistics AS s (collection_id, chunk_count, term_count)
    SELECT collection_id, count(*), sum(length) FROM added GROUP BY collection_id ORDER BY collection_id
    ON CONFLICT (collection_id) DO UPDATE
        SET chunk_count = s.chunk_count + excluded.chunk_count, term_count = s.term_count + excluded.term_count;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION bm25_count_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE bm25_statistics s
    SET chunk_count = s.chunk_count - d.chunks, term_count = s.term_count - d.terms
    FROM (SELECT collection_id, count(*) AS chunks, sum(length) AS terms FROM deleted GROUP BY collection_id) d
    WHERE s.collection_id = d.collection_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER bm25_lengths_added AFTER INSERT ON bm25_lengths
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bm25_count_added();
CREATE OR REPLACE TRIGGER bm25_lengths_deleted AFTER DELETE ON bm25_lengths
    REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION bm25_count_deleted();
