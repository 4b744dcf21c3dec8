-- The text of each page, which the offsets of chunks refer to.
CREATE TABLE IF NOT EXISTS pages (
    document_id bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    number integer NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (document_id, number)
);
