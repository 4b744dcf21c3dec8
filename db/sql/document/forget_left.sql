-- Forgets contents that were given up, as their files are gone or used. $1 ids
DELETE FROM left_contents WHERE id = ANY($1::bigint[]);
