-- States of threads, one row per super-step. Their keys are LangGraph's own, since writes may come before their
-- checkpoint does. Byte order ("C") is the order of the identifiers in time, and Python's order of strings.
CREATE TABLE IF NOT EXISTS checkpoints (
    thread_id text COLLATE "C" NOT NULL,
    checkpoint_ns text COLLATE "C" NOT NULL,
    checkpoint_id text COLLATE "C" NOT NULL,
    parent_id text COLLATE "C",
    channel_versions jsonb NOT NULL,
    body_type text NOT NULL,
    body bytea NOT NULL,
    metadata jsonb NOT NULL,
    PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
);
