-- A user who goes, or whose rights change, is known anew at once in every process.
CREATE OR REPLACE FUNCTION tell_user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('api_key_deleted', '');
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER users_changed AFTER DELETE OR UPDATE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION tell_user_changed();
