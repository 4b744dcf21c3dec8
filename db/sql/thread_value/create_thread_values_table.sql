-- What threads remember from run to run: a value set, or elements added to the value before. Every so often a value that
-- was added to is set anew, so that reading it does not take longer and longer.
CREATE TABLE IF NOT EXISTS thread_values (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread_id uuid NOT NULL,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    key text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('set', 'extend')),
    value jsonb
);
