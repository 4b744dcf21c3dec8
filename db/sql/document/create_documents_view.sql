-- Documents as callers see them. The status follows from the row and its run, so the two can never disagree. `work`: what
-- is left to do of a document or of a newer content of it, pending, indexing or failed; null when nothing is. Made anew,
-- as a view cannot get other columns.
DROP VIEW IF EXISTS document_states;
CREATE VIEW document_states AS
SELECT *, CASE WHEN status = 'complete' THEN update ->> 'status' ELSE status END AS work
FROM (
    SELECT d.id AS key, c.user_id, d.collection_id AS collection_key, d.uid, d.generation,
           d.uid::text AS id, c.uid::text AS collection_id, d.name, d.content_type, d.size, encode(d.sha256, 'hex') AS sha256,
           CASE WHEN d.indexed_at IS NOT NULL THEN 'complete'
                WHEN r.id IS NULL OR r.status IN ('failed', 'dead', 'cancelled', 'completed') THEN 'failed'
                WHEN r.status = 'queued' AND d.words_at IS NULL THEN 'pending'
                ELSE 'indexing' END AS status,
           CASE WHEN d.indexed_at IS NOT NULL THEN NULL
                WHEN r.id IS NULL THEN 'Its ingestion was never started. Call retry_document.'
                WHEN r.status = 'cancelled' THEN 'The ingestion was cancelled. retry_document goes on with it.'
                WHEN r.status IN ('failed', 'dead', 'completed')
                    THEN coalesce(r.error ->> 'message', 'The ingestion ended without a result. Call retry_document.')
                END AS error,
           CASE WHEN r.status = 'running' AND d.indexed_at IS NULL THEN d.stage END AS stage,
           CASE WHEN d.indexed_at IS NOT NULL THEN 1 ELSE d.progress END AS progress,
           d.page_count, d.chunk_count, d.metadata, r.uid::text AS run_id, d.created_at, d.indexed_at, d.version, d.source,
           CASE WHEN d.is_archive THEN ARRAY[]::text[]
                WHEN d.indexed_at IS NOT NULL THEN ARRAY['words', 'meaning']
                WHEN d.words_at IS NOT NULL THEN ARRAY['words'] ELSE ARRAY[]::text[] END AS searchable_by,
           CASE WHEN d.is_archive THEN d.warnings || coalesce((
               SELECT jsonb_agg(m.name || ': ' || coalesce(mr.error ->> 'message', 'its ingestion ended without a result')
                                ORDER BY m.id)
               FROM documents m LEFT JOIN runs mr ON mr.id = m.run_id
               WHERE m.parent_id = d.id AND m.indexed_at IS NULL
                 AND (mr.id IS NULL OR mr.status IN ('failed', 'dead', 'cancelled', 'completed'))), '[]')
                ELSE d.warnings END AS warnings,
           CASE WHEN u.document_id IS NOT NULL THEN jsonb_build_object(
                    'status', CASE WHEN ur.id IS NULL OR ur.status IN ('failed', 'dead', 'cancelled', 'completed') THEN 'failed'
                                   WHEN ur.status = 'queued' THEN 'pending' ELSE 'indexing' END,
                    'error', CASE WHEN ur.status = 'cancelled' THEN 'The update was cancelled. retry_document goes on with it.'
                                  WHEN ur.id IS NULL OR ur.status IN ('failed', 'dead', 'completed')
                                  THEN coalesce(ur.error ->> 'message', 'The update ended without a result. Call retry_document.')
                                  END,
                    'stage', CASE WHEN ur.status = 'running' THEN u.stage END,
                    'progress', u.progress, 'run_id', ur.uid::text)
                WHEN d.words_at IS NOT NULL AND NOT d.is_archive AND d.generation < c.generation AND cr.status IN ('queued', 'running', 'waiting')
                THEN jsonb_build_object('status', 'pending', 'progress', 0, 'run_id', cr.uid::text)
                END AS update
    FROM documents d
    JOIN collections c ON c.id = d.collection_id
    LEFT JOIN runs r ON r.id = d.run_id
    LEFT JOIN document_updates u ON u.document_id = d.id
    LEFT JOIN runs ur ON ur.id = u.run_id
    LEFT JOIN runs cr ON cr.id = c.reindex_run_id
) d;
