-- What is asked behind a name of a model: another model, those to fall back on, values of fields that were left out.
CREATE TABLE IF NOT EXISTS model_routes (
    name text PRIMARY KEY,
    model text NOT NULL,
    fallbacks text[] NOT NULL,
    defaults jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
