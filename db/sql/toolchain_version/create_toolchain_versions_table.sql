-- Every save is a version, counted from 1.
CREATE TABLE IF NOT EXISTS toolchain_versions (
    toolchain_id bigint NOT NULL REFERENCES toolchains ON DELETE CASCADE,
    version integer NOT NULL,
    hash bytea NOT NULL REFERENCES toolchain_definitions,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (toolchain_id, version)
);
ALTER TABLE toolchain_versions ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT '';
