-- Disconnects a provider and tells every process. $1 owner or null, $2 name
WITH gone AS (DELETE FROM providers WHERE user_id IS NOT DISTINCT FROM $1 AND name = $2 RETURNING id)
SELECT pg_notify('gateway_changed', 'providers') FROM gone;
