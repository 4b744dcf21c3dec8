-- Writes down runs, in this order; no row for one whose key was used before. A run that is to be started is carried by the
-- caller from now on when the limits allow it; else it is queued. The runs: $1 uids, $2 user ids, $3 scopes as JSON texts,
-- $4 thread ids, $5 toolchain ids, $6 versions, $7 definition hashes, $8 inputs, $9 idempotency keys, $10 to be started,
-- $11 priorities, $12 the toolchains' limits or null, $13 exclusive on their threads, $14 base threads, $15 base sequences
-- or null, $16 forked from, $17 ids of API keys or null, $18 pinned results or null, $19 the only node to do or null,
-- $20 its rounds or null; $21 how many runs of one user may be carried
WITH given AS (
    SELECT g.*, count(*) FILTER (WHERE g.wanted) OVER (PARTITION BY g.user_id ORDER BY g.place) AS rank
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::integer[], $7::bytea[], $8::text[],
                $9::text[], $10::boolean[], $11::smallint[], $12::integer[], $13::boolean[], $14::uuid[], $15::bigint[],
                $16::text[], $17::uuid[], $18::text[], $19::text[], $20::text[]) WITH ORDINALITY
         AS g (uid, user_id, scopes, thread_id, toolchain_id, toolchain_version, definition_hash, input,
               idempotency_key, wanted, priority, concurrency, exclusive, base_thread, base_sequence, forked_from, api_key,
               pinned, only_node, only_round, place)
), carried AS (
    SELECT r.user_id, count(*) AS runs FROM runs r
    WHERE r.status = 'running' AND r.user_id IN (SELECT g.user_id FROM given g WHERE g.wanted) GROUP BY r.user_id
), decided AS (
    SELECT g.*, CASE WHEN NOT g.wanted THEN false
                     WHEN $21::integer < coalesce(c.runs, 0) + g.rank THEN false
                     WHEN g.concurrency IS NULL THEN true
                     ELSE g.concurrency > runs_at_work(g.user_id, g.toolchain_id) END AS started
    FROM given g LEFT JOIN carried c ON c.user_id = g.user_id
)
INSERT INTO runs (uid, user_id, scopes, thread_id, toolchain_id, toolchain_version, definition_hash, input,
                  idempotency_key, status, attempts, epoch, started_at, heartbeat_at, priority, concurrency, exclusive,
                  base_thread, base_sequence, forked_from, api_key, pinned, only_node, only_round)
SELECT d.uid, d.user_id, CASE WHEN d.scopes IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(d.scopes::jsonb)) END,
       d.thread_id, d.toolchain_id, d.toolchain_version, d.definition_hash, d.input::jsonb, d.idempotency_key,
       CASE WHEN d.started THEN 'running' ELSE 'queued' END, d.started::integer, d.started::integer,
       CASE WHEN d.started THEN now() END, CASE WHEN d.started THEN now() END, d.priority, d.concurrency, d.exclusive,
       d.base_thread, coalesce(d.base_sequence, CASE WHEN d.started THEN (
           SELECT coalesce(max(v.sequence), 0) FROM thread_values v WHERE v.thread_id = d.base_thread) END),
       d.forked_from, d.api_key, d.pinned::jsonb, d.only_node, d.only_round::jsonb
FROM decided d ORDER BY d.place
ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
RETURNING id, uid, base_sequence, status = 'running' AS started;
