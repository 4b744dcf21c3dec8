-- Removes a route and tells every process. $1 name
WITH gone AS (DELETE FROM model_routes WHERE name = $1 RETURNING name)
SELECT pg_notify('gateway_changed', 'routes') FROM gone;
