-- The stems of words by a language's dictionaries: none of a stop word. $1 language, $2 words
SELECT word, tsvector_to_array(to_tsvector($1::text::regconfig, word)) AS stems FROM unnest($2::text[]) AS word;
