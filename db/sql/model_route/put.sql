-- Sets a route and tells every process. $1 name, $2 model, $3 fallbacks, $4 defaults
WITH put AS (
    INSERT INTO model_routes (name, model, fallbacks, defaults) VALUES ($1, $2, $3, $4)
    ON CONFLICT (name) DO UPDATE SET
        model = excluded.model, fallbacks = excluded.fallbacks, defaults = excluded.defaults, updated_at = now()
    RETURNING name
)
SELECT pg_notify('gateway_changed', 'routes') FROM put;
