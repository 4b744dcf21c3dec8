-- A vector per chunk and embedder, each as long as its embedder says: the column itself names no length. Vectors are
-- compared one by one until they are `in_graph`: few of a collection never need to be (embedding.settle).
CREATE TABLE IF NOT EXISTS embeddings (
    chunk_id bigint NOT NULL REFERENCES chunks ON DELETE CASCADE,
    embedder_id integer NOT NULL,
    collection_id bigint NOT NULL,
    in_graph boolean NOT NULL DEFAULT false,
    vector halfvec NOT NULL,
    PRIMARY KEY (chunk_id, embedder_id)
);
-- Whose vectors a collection's searches compare; null before the first one is stored.
ALTER TABLE collections ADD COLUMN IF NOT EXISTS embedder_id integer REFERENCES embedders;
-- Homes from when there was one embedder, all-MiniLM-L6-v2, and its 384 halves were the column's type. Without a length
-- the type's bytes are the same, so that no row is written anew; only the index is made again.
DO $$
DECLARE
    legacy integer;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'embeddings'::regclass AND attname = 'embedder_id') THEN
        RETURN;
    END IF;
    DROP INDEX IF EXISTS embeddings_vector, embeddings_collection;
    INSERT INTO embedders (name, dimensions, fingerprint) VALUES ('all-MiniLM-L6-v2', 384, '') RETURNING id INTO legacy;
    EXECUTE format('ALTER TABLE embeddings ADD COLUMN embedder_id integer NOT NULL DEFAULT %s', legacy);
    ALTER TABLE embeddings ADD COLUMN in_graph boolean NOT NULL DEFAULT true;
    ALTER TABLE embeddings ALTER COLUMN embedder_id DROP DEFAULT, ALTER COLUMN in_graph SET DEFAULT false,
        ALTER COLUMN vector TYPE halfvec, DROP CONSTRAINT embeddings_pkey, ADD PRIMARY KEY (chunk_id, embedder_id);
    UPDATE collections SET embedder_id = legacy WHERE id IN (SELECT collection_id FROM embeddings);
END $$;
