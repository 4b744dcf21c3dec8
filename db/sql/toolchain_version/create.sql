-- Adds a version, or gives the latest when it says the same. $1 toolchain id, $2 hash
WITH latest AS (
    SELECT version, hash FROM toolchain_versions WHERE toolchain_id = $1 ORDER BY version DESC LIMIT 1
), added AS (
    INSERT INTO toolchain_versions (toolchain_id, version, hash)
    SELECT $1, coalesce((SELECT version FROM latest), 0) + 1, $2
    WHERE NOT EXISTS (SELECT FROM latest WHERE hash = $2)
    RETURNING version
)
SELECT version FROM added UNION ALL SELECT version FROM latest WHERE hash = $2;
