-- The id of an embedder, which gets its index when it is first used. One that was stored without a fingerprint takes
-- the first that comes with its name and length.
CREATE OR REPLACE FUNCTION register_embedder(called text, length integer, mark text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    found_id integer;
BEGIN
    SELECT id INTO found_id FROM embedders WHERE name = called AND dimensions = length AND fingerprint = mark;
    IF found_id IS NOT NULL THEN
        RETURN found_id;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('penstock.embedders', 0));
    SELECT id INTO found_id FROM embedders
    WHERE name = called AND dimensions = length AND fingerprint IN (mark, '') ORDER BY fingerprint = mark DESC LIMIT 1;
    IF found_id IS NULL THEN
        INSERT INTO embedders (name, dimensions, fingerprint) VALUES (called, length, mark) RETURNING id INTO found_id;
    ELSE
        UPDATE embedders SET fingerprint = mark WHERE id = found_id AND fingerprint <> mark;
    END IF;
    PERFORM index_embedder(found_id, length);
    RETURN found_id;
END $$;
