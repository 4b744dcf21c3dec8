-- What was applied last.
SELECT hash FROM penstock_schema;
