-- Deletes what is kept of threads whose run has ended or is gone.
WITH ended AS MATERIALIZED (
    SELECT DISTINCT c.thread_id FROM checkpoints c
    WHERE CASE WHEN c.thread_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        NOT EXISTS (SELECT FROM runs r WHERE r.uid = c.thread_id::uuid AND r.finished_at IS NULL) END
), gone_writes AS (DELETE FROM checkpoint_writes w USING ended WHERE w.thread_id = ended.thread_id),
gone_values AS (DELETE FROM checkpoint_values v USING ended WHERE v.thread_id = ended.thread_id)
DELETE FROM checkpoints c USING ended WHERE c.thread_id = ended.thread_id;
