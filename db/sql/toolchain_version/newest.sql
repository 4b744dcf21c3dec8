-- The latest version of a toolchain and its hash; no row while it has none. $1 toolchain id
SELECT version, hash FROM toolchain_versions WHERE toolchain_id = $1 ORDER BY version DESC LIMIT 1;
