-- Takes $1 ids, so that chunks and their vectors can be copied in without asking for each.
SELECT nextval(pg_get_serial_sequence('chunks', 'id')) AS id FROM generate_series(1, $1::integer);
