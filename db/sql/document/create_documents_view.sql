-- Documents as callers see them. The status follows from the row and its run, so the two can never disagree.
CREATE OR REPLACE VIEW document_states AS
SELECT d.id AS key, c.user_id, d.collection_id AS collection_key,
       d.uid::text AS id, c.uid::text AS collection_id, d.name, d.content_type, d.size, encode(d.sha256, 'hex') AS sha256,
       CASE WHEN d.indexed_at IS NOT NULL THEN 'complete'
            WHEN r.id IS NULL OR r.status IN ('failed', 'dead', 'cancelled', 'completed') THEN 'failed'
            WHEN r.status = 'queued' THEN 'pending'
            ELSE 'indexing' END AS status,
       CASE WHEN d.indexed_at IS NOT NULL THEN NULL
            WHEN r.id IS NULL THEN 'Its ingestion was never started. Upload it again.'
            WHEN r.status = 'cancelled' THEN 'The ingestion was cancelled.'
            WHEN r.status IN ('failed', 'dead', 'completed')
                THEN coalesce(r.error ->> 'message', 'The ingestion ended without a result. Upload it again.')
            END AS error,
       CASE WHEN r.status = 'running' AND d.indexed_at IS NULL THEN d.stage END AS stage,
       CASE WHEN d.indexed_at IS NOT NULL THEN 1 ELSE d.progress END AS progress,
       d.page_count, d.chunk_count, d.metadata, r.uid::text AS run_id, d.created_at, d.indexed_at
FROM documents d
JOIN collections c ON c.id = d.collection_id
LEFT JOIN runs r ON r.id = d.run_id;
