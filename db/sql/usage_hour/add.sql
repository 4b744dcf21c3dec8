-- Adds what a second or so has used. Rows of a user who has gone are left out; those of all processes come in one order, so that none waits for another in a circle. $1 hours, $2 users, $3 keys, $4 models, $5 requests, $6 failed, $7 estimated, $8 in, $9 out, $10 cached
INSERT INTO usage_hours AS u
    (hour, user_id, api_key, model, requests, failed, estimated, tokens_in, tokens_out, tokens_cached)
SELECT n.*
FROM unnest($1::timestamptz[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::bigint[])
    AS n (hour, user_id, api_key, model, requests, failed, estimated, tokens_in, tokens_out, tokens_cached)
WHERE EXISTS (SELECT FROM users WHERE users.id = n.user_id)
ORDER BY n.hour, n.user_id, n.api_key, n.model
ON CONFLICT (hour, user_id, api_key, model) DO UPDATE SET
    requests = u.requests + excluded.requests, failed = u.failed + excluded.failed,
    estimated = u.estimated + excluded.estimated, tokens_in = u.tokens_in + excluded.tokens_in,
    tokens_out = u.tokens_out + excluded.tokens_out, tokens_cached = u.tokens_cached + excluded.tokens_cached;
