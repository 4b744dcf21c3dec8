-- What one run of the caller took, gave and was. $1 user id, $2 uid
SELECT r.id, r.status, r.input, r.output, r.error, d.definition
FROM runs r JOIN toolchain_definitions d ON d.hash = r.definition_hash WHERE r.user_id = $1 AND r.uid = $2;
