-- All limits.
-- returns: gateway.UsageLimit
SELECT kind, subject, requests_per_minute, tokens_per_minute, tokens_per_day, concurrent_requests
FROM usage_limits ORDER BY kind, subject;
