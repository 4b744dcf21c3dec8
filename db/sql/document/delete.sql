-- Deletes documents of the caller with their members, pages, chunks, vectors and postings, and tells the contents that they
-- referred to, with the run at work on each. $1 user id, $2 uids
WITH RECURSIVE family AS (
    SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection_id WHERE c.user_id = $1 AND d.uid = ANY($2::uuid[])
    UNION
    SELECT m.id FROM documents m JOIN family f ON m.parent_id = f.id
), updates AS (
    SELECT u.document_id, u.sha256, u.run_id FROM document_updates u JOIN family f ON f.id = u.document_id
), gone AS (
    DELETE FROM documents d USING family f WHERE d.id = f.id RETURNING d.id, d.uid, d.sha256, d.run_id
), found AS (
    SELECT uid, sha256, run_id FROM gone
    UNION ALL
    SELECT g.uid, u.sha256, u.run_id FROM updates u JOIN gone g ON g.id = u.document_id
)
SELECT encode(f.sha256, 'hex') AS sha256, r.uid::text AS run_id, f.uid::text AS document_id
FROM found f LEFT JOIN runs r ON r.id = f.run_id;
