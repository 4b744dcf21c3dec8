-- Forgets what earlier upgrades found.
DELETE FROM toolchain_faults;
