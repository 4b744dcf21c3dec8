-- Lifts limits and tells every process. $1 kind, $2 subject
WITH gone AS (DELETE FROM usage_limits WHERE kind = $1 AND subject = $2 RETURNING kind)
SELECT pg_notify('gateway_changed', 'limits') FROM gone;
