-- Models that have made vectors. The fingerprint changes whenever a model's vectors do; it is empty for vectors that
-- were stored before models had one.
CREATE TABLE IF NOT EXISTS embedders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    dimensions integer NOT NULL CHECK (dimensions BETWEEN 1 AND 16000),
    fingerprint text NOT NULL,
    UNIQUE (name, dimensions, fingerprint)
);
