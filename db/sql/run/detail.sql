-- What one run of the caller took, gave and was. $1 user id, $2 uid
SELECT r.id, r.status, r.input, r.output, r.error, r.time, r.forked_from, d.definition, r.user_id, r.thread_id,
       r.toolchain_id, r.toolchain_version, r.definition_hash, r.base_thread, r.base_sequence, r.pinned,
       r.only_node, r.only_round, r.created_at
FROM runs r JOIN toolchain_definitions d ON d.hash = r.definition_hash WHERE r.user_id = $1 AND r.uid = $2;
