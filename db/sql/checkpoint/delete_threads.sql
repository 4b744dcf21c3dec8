-- Deletes all that is kept of threads. $1 thread ids
WITH gone_writes AS (DELETE FROM checkpoint_writes WHERE thread_id = ANY ($1::text[])),
gone_values AS (DELETE FROM checkpoint_values WHERE thread_id = ANY ($1::text[]))
DELETE FROM checkpoints WHERE thread_id = ANY ($1::text[]);
