-- Reading a key back to where it was last set.
CREATE INDEX IF NOT EXISTS thread_values_thread ON thread_values (thread_id, key, sequence DESC);
CREATE INDEX IF NOT EXISTS thread_values_set ON thread_values (thread_id, key, sequence DESC) WHERE operation = 'set';
