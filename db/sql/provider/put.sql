-- Connects a provider, or writes one anew, and tells every process. $1 uid, $2 owner or null, $3 name, $4 base_url, $5 secret, $6 preview, $7 header names, $8 trusted,
-- $9 prices, or null for those from before
WITH put AS (
    INSERT INTO providers (uid, user_id, name, base_url, secret, preview, header_names, trusted, prices)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::jsonb, '{}'))
    ON CONFLICT (user_id, name) DO UPDATE SET
        uid = excluded.uid, base_url = excluded.base_url, secret = excluded.secret, preview = excluded.preview,
        header_names = excluded.header_names, trusted = excluded.trusted,
        prices = coalesce($9::jsonb, providers.prices), updated_at = now()
    RETURNING name
)
SELECT pg_notify('gateway_changed', 'providers') FROM put;
