-- The hash of the schema files that were applied last: a start that finds its own there has nothing to do.
CREATE TABLE IF NOT EXISTS penstock_schema (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    hash text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
