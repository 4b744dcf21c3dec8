-- How many runs of a toolchain a user has at work. One transaction at a time may ask and then begin one more: the next
-- is told when the first has ended, and sees what it did.
CREATE OR REPLACE FUNCTION runs_at_work(of_user bigint, of_toolchain text) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(of_user || ' ' || of_toolchain, 7364092));
    RETURN (SELECT count(*) FROM runs WHERE user_id = of_user AND toolchain_id = of_toolchain AND status = 'running');
END $$;
