-- Lets one transaction at a time add a document with a source to a collection. $1 collection uid
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7364093));
