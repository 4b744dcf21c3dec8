-- Sets limits and tells every process. $1 kind, $2 subject, $3 requests a minute, $4 tokens a minute, $5 tokens a day, $6 concurrent requests
WITH put AS (
    INSERT INTO usage_limits (kind, subject, requests_per_minute, tokens_per_minute, tokens_per_day, concurrent_requests)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (kind, subject) DO UPDATE SET
        requests_per_minute = excluded.requests_per_minute, tokens_per_minute = excluded.tokens_per_minute,
        tokens_per_day = excluded.tokens_per_day, concurrent_requests = excluded.concurrent_requests
    RETURNING kind
)
SELECT pg_notify('gateway_changed', 'limits') FROM put;
