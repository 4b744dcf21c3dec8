-- A running of cases of the caller, with the definition whose cases they are. $1 user id, $2 uid
SELECT c.id, c.uid, c.toolchain_id, c.version, c.definition_hash, d.definition
FROM case_runs c JOIN toolchain_definitions d ON d.hash = c.definition_hash WHERE c.user_id = $1 AND c.uid = $2;
