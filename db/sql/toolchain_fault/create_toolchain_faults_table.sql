-- What an upgrade found wrong with versions that had no fault when they were saved.
CREATE TABLE IF NOT EXISTS toolchain_faults (
    toolchain_id bigint NOT NULL,
    version integer NOT NULL,
    number integer NOT NULL,
    path text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (toolchain_id, version, number),
    FOREIGN KEY (toolchain_id, version) REFERENCES toolchain_versions ON DELETE CASCADE
);
