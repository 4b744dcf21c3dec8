-- Contents that a transaction has given up, until their files are deleted: whoever comes first does that, so that none
-- stays where a process died or a run was cancelled behind the transaction. `document_id`: the key of whom they were, 0 of
-- documents that are gone.
CREATE TABLE IF NOT EXISTS left_contents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id bigint NOT NULL,
    sha256 bytea NOT NULL
);
