-- What users saved, under an id of their own choice. Runs that name no version take the published one; while there is
-- none, the latest.
CREATE TABLE IF NOT EXISTS toolchains (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    slug text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, slug)
);
ALTER TABLE toolchains ADD COLUMN IF NOT EXISTS published_version integer;
