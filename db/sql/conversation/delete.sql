-- Deletes a conversation, its messages and the runs that answered in it; who carries or follows one of them is told.
-- $1 user id, $2 uid
WITH gone AS (DELETE FROM conversations WHERE user_id = $1 AND uid = $2 RETURNING id),
answers AS (DELETE FROM runs r USING messages m, gone WHERE m.conversation_id = gone.id AND r.id = m.run_id
            RETURNING r.uid)
SELECT id, (SELECT count((pg_notify('run_cancel', uid::text), pg_notify('run_events', uid::text))) FROM answers) AS told
FROM gone;
