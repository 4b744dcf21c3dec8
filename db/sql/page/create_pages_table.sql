-- The text of each page, which the offsets of chunks refer to, its size, and where its lines stand (packed).
CREATE TABLE IF NOT EXISTS pages (
    document_id bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    number integer NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (document_id, number)
);
-- Pages that were read before their lines were kept have none.
ALTER TABLE pages
    ADD COLUMN IF NOT EXISTS width double precision,
    ADD COLUMN IF NOT EXISTS height double precision,
    ADD COLUMN IF NOT EXISTS lines bytea NOT NULL DEFAULT '';
