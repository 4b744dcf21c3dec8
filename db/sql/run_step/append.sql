-- Adds steps and events of runs for those who carry them, and gives the runs that they still carry. One statement for
-- all that is waiting in a process. $1 run ids, $2 epochs, then the steps: $3 run ids, $4 sequences, $5 keys, $6 kinds,
-- $7 shared, $8 bodies, $9 durations, $10 times; and the events: $11 run ids, $12 sequences, $13 names, $14 data, $15 times
WITH held AS MATERIALIZED (
    SELECT r.id, r.uid FROM runs r JOIN unnest($1::bigint[], $2::integer[]) AS h (id, epoch)
    ON h.id = r.id AND h.epoch = r.epoch WHERE r.status = 'running'
), steps AS (
    INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, duration_ms, at)
    SELECT s.* FROM unnest($3::bigint[], $4::integer[], $5::text[], $6::text[], $7::boolean[], $8::bytea[],
                           $9::double precision[], $10::timestamptz[])
         AS s (run_id, sequence, key, kind, shared, body, duration_ms, at) JOIN held ON held.id = s.run_id
    ON CONFLICT DO NOTHING
), events AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT e.* FROM unnest($11::bigint[], $12::integer[], $13::text[], $14::jsonb[], $15::timestamptz[])
         AS e (run_id, sequence, event, data, at) JOIN held ON held.id = e.run_id
    ON CONFLICT DO NOTHING
)
SELECT id, pg_notify('run_events', uid::text) FROM held;
