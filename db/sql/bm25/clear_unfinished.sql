-- Takes away what background work that was broken off left behind; to be run by whoever holds the lock.
DELETE FROM bm25_segments WHERE NOT live;
