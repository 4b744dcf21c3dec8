-- Keeps a collection from being deleted until the transaction ends; no row when it has been. $1 collection id
SELECT id FROM collections WHERE id = $1 FOR KEY SHARE;
