-- What users write and have not saved as a version, with any faults. Its id is made up by whoever begins it: it is unique
-- within what the user has. `revision` counts the writes: who knows of another than the last one overwrites nothing.
CREATE TABLE IF NOT EXISTS toolchain_drafts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uid uuid NOT NULL,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    toolchain_id text,
    base_version integer,
    definition json NOT NULL,
    revision integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, uid)
);
