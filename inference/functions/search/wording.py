"""What a query looks for by words and by meaning. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from db import MOST_METADATA_CLAUSES, MOST_WORDS, Query, parse_query, query_of_words
from inference.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for by words, and the text whose vector is looked for: empty when the query has nothing but
    clauses that bind. `text`: all of it as it was asked."""

    words: Query
    meaning: str
    text: str


def understood(text: str, *, syntax: bool) -> Asked:
    """A request's query. Raises InvalidInput when nothing is asked, or more is required or excluded than may be."""
    if not text.strip():
        raise InvalidInput("The query is empty: say what to look for.", field="query")
    text = plain(text)
    if not syntax:
        return Asked(query_of_words(text), text, text)
    words = parse_query(text)
    if words.is_cut:
        raise InvalidInput(
            f"A query may require and exclude {MOST_WORDS} words, and {MOST_METADATA_CLAUSES} values of metadata. "
            "Take a filter for more.",
            field="query",
        )
    return Asked(words, words.said, text)


def plain(text: str) -> str:
    """A text as PostgreSQL holds texts: without NUL and without halves of characters."""
    return text.replace("\x00", " ").encode(errors="replace").decode()
