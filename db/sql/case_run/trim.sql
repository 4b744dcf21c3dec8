-- Forgets the oldest runnings of a toolchain's cases. $1 user id, $2 toolchain, $3 how many stay
DELETE FROM case_runs WHERE id IN (
    SELECT id FROM case_runs WHERE user_id = $1 AND toolchain_id = $2 ORDER BY id DESC OFFSET $3
);
