-- The text-search configurations of this database.
SELECT cfgname::text AS language FROM pg_ts_config ORDER BY cfgname;
