-- Lets nobody add a member to documents of the caller or to their members until the transaction ends; who has begun to is
-- waited for. $1 user id, $2 uids
WITH RECURSIVE family AS (
    SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection_id WHERE c.user_id = $1 AND d.uid = ANY($2::uuid[])
    UNION ALL
    SELECT m.id FROM documents m JOIN family f ON m.parent_id = f.id
)
SELECT d.id FROM documents d WHERE d.id IN (SELECT f.id FROM family f) ORDER BY d.id FOR UPDATE;
