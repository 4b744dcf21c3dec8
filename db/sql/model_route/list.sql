-- All routes.
-- returns: gateway.ModelRoute
SELECT name, model, fallbacks, defaults FROM model_routes ORDER BY name;
