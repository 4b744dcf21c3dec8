-- Texts of chunks in the caller's collections. `holds`: whether collections have the embedders, and as many deletions,
-- as the search found. $1 user id, $2 chunk ids, $3 collections, $4 their embedders, $5 their deletions, null where any
-- will do
SELECT k.id, k.text, NOT EXISTS (
        SELECT FROM unnest($3::bigint[], $4::integer[], $5::bigint[]) AS s (id, embedder_id, deletions)
        JOIN collections c ON c.id = s.id
        WHERE c.embedder_id IS DISTINCT FROM s.embedder_id OR s.deletions <> coalesce(
            (SELECT sum(g.deletions) FROM bm25_deletions g WHERE g.collection_id = s.id), 0)) AS holds
FROM chunks k JOIN collections c ON c.id = k.collection_id AND c.user_id = $1 WHERE k.id = ANY($2);
