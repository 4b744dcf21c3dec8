-- The run that an earlier call with this key made. $1 user id, $2 key
SELECT uid, toolchain_id, input FROM runs WHERE user_id = $1 AND idempotency_key = $2;
