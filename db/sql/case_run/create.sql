-- Keeps a new running of cases. $1 uid, $2 user id, $3 toolchain, $4 version, $5 hash of the definition, $6 run
INSERT INTO case_runs (uid, user_id, toolchain_id, version, definition_hash, run) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id;
