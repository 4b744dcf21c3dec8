-- Keeps checkpoints, values and writes of any number of runs in one commit. A checkpoint that is there is replaced, a
-- value stays, a write stays unless its task has one of its kind only. No key may come twice.
-- $1-$8 checkpoints, $9-$14 values, $15-$23 writes: one array per column, in the order of the tables
WITH kept_checkpoints AS (
    INSERT INTO checkpoints
        (thread_id, checkpoint_ns, checkpoint_id, parent_id, channel_versions, body_type, body, metadata)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::bytea[], $8::jsonb[])
    ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id) DO UPDATE SET
        parent_id = excluded.parent_id, channel_versions = excluded.channel_versions,
        body_type = excluded.body_type, body = excluded.body, metadata = excluded.metadata
), kept_values AS (
    INSERT INTO checkpoint_values (thread_id, checkpoint_ns, channel, version, value_type, value)
    SELECT * FROM unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[])
    ON CONFLICT DO NOTHING
)
INSERT INTO checkpoint_writes
    (thread_id, checkpoint_ns, checkpoint_id, task_id, position, task_path, channel, value_type, value)
SELECT * FROM unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::integer[], $20::text[], $21::text[],
                     $22::text[], $23::bytea[])
ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id, task_id, position) DO UPDATE SET
    task_path = excluded.task_path, channel = excluded.channel, value_type = excluded.value_type, value = excluded.value
    WHERE checkpoint_writes.position < 0;
