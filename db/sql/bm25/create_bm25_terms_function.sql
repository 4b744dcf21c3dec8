-- The stems of a text and how often each occurs, without stop words. Characters that glue words together
-- (state-of-the-art, and/or, a.b) are taken as spaces: PostgreSQL's parser would make one word or a path of them.
CREATE OR REPLACE FUNCTION bm25_terms(config regconfig, content text) RETURNS TABLE (term text, frequency integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT lexeme, coalesce(cardinality(positions), 1)
    FROM unnest(to_tsvector(config, regexp_replace(content, '[-/\\._:@+&=#?*~|<>]+', ' ', 'g')))
$$;
