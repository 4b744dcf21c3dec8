-- Adds to runs what those who carry them have to store: steps, events, and how they ended or that they wait, with what
-- they leave to their threads. One statement for all that is waiting in a process. Gives the runs that are still theirs;
-- for those that ended whether others wait for a turn, and the number of the last value that they left. Whoever takes a
-- run over waits for the lock that is held here, or is seen here: a process that has lost a run adds nothing to it.
-- $1 run ids, $2 epochs; the steps: $3 run ids, $4 sequences, $5 keys, $6 kinds, $7 shared, $8 bodies, $9 durations,
-- $10 times; the events: $11 run ids, $12 sequences, $13 names, $14 data, $15 times; the ends: $16 run ids, $17 statuses,
-- $18 outputs, $19 errors, $20 time accounts, $21 pauses, $22 when to wake; the threads': $23 run ids, $24 keys,
-- $25 operations, $26 values
WITH held AS MATERIALIZED (
    SELECT r.id, r.uid, r.user_id, r.thread_id, r.keep_thread
    FROM runs r JOIN unnest($1::bigint[], $2::integer[]) AS h (id, epoch) ON h.id = r.id AND h.epoch = r.epoch
    WHERE r.status = 'running' ORDER BY r.id FOR NO KEY UPDATE OF r
), steps AS (
    INSERT INTO run_steps (run_id, sequence, key, kind, shared, body, duration_ms, at)
    SELECT s.* FROM unnest($3::bigint[], $4::integer[], $5::text[], $6::text[], $7::boolean[], $8::bytea[],
                           $9::double precision[], $10::timestamptz[])
         AS s (run_id, sequence, key, kind, shared, body, duration_ms, at) JOIN held ON held.id = s.run_id
    ON CONFLICT DO NOTHING
), events AS (
    INSERT INTO run_events (run_id, sequence, event, data, at)
    SELECT e.run_id, e.sequence, e.event, e.data::jsonb, e.at
    FROM unnest($11::bigint[], $12::integer[], $13::text[], $14::text[], $15::timestamptz[])
         AS e (run_id, sequence, event, data, at) JOIN held ON held.id = e.run_id
    ON CONFLICT DO NOTHING
), ended AS (
    UPDATE runs r SET status = e.status, output = e.output::jsonb, error = e.error::jsonb, time = e.time::jsonb,
                      pauses = e.pauses::jsonb, wake_at = e.wake_at,
                      waiting_since = CASE WHEN e.status = 'waiting' THEN now() END,
                      finished_at = CASE WHEN e.status <> 'waiting' THEN now() END,
                      attempts = CASE WHEN e.status = 'waiting' THEN 0 ELSE r.attempts END
    FROM unnest($16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[])
         AS e (id, status, output, error, time, pauses, wake_at) JOIN held ON held.id = e.id
    WHERE r.id = e.id
), kept AS (
    INSERT INTO thread_values (thread_id, user_id, key, operation, value)
    SELECT held.thread_id, held.user_id, v.key, v.operation, v.value::jsonb
    FROM unnest($23::bigint[], $24::text[], $25::text[], $26::text[]) AS v (run_id, key, operation, value)
    JOIN held ON held.id = v.run_id WHERE held.keep_thread
    RETURNING thread_id, sequence
)
SELECT held.id, pg_notify('run_events', held.uid::text),
       held.id = ANY ($16) AND EXISTS (
           SELECT FROM runs o WHERE o.user_id = held.user_id AND o.status = 'queued') AS others_wait,
       (SELECT max(kept.sequence) FROM kept WHERE kept.thread_id = held.thread_id) AS thread_sequence
FROM held;
