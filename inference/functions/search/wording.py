"""What of a query is looked for by meaning, and which clauses bind both lanes. Pure."""

from __future__ import annotations

import re

from db import Query

_PHRASE = r'"[^"]*"(?:~\d{1,9})?(?:\^[\d.]+)?'
# Clauses that say what must or must not be there say nothing of the meaning that is looked for …
_BINDING = re.compile(
    rf'(?<!\S)(?:-(?:\w[\w.-]*:)?|(?:md|document_md|document_name|name)(?:\.[\w.-]+)?:)(?:{_PHRASE}|[^\s"]+)'
)
# … and of the others the words do, not the marks around them.
_MARKS = re.compile(r'(?<!\S)(?:text|headings):|"(?:~\d{1,9})?(?:\^\d[\d.]*)?|(?<=\S)\^\d[\d.]*(?!\S)')


def meant(text: str) -> str:
    """The text whose vector is looked for; empty when the query has nothing but clauses that bind."""
    return " ".join(_MARKS.sub(" ", _BINDING.sub(" ", text)).split())


def required_alone(query: Query) -> Query | None:
    """What every hit of either lane must match, where there is such a thing."""
    return Query(required=query.required) if query.required else None


def excluded_alone(query: Query) -> Query | None:
    """A query for what no hit of either lane may match, where there is such a thing."""
    return Query(optional=query.excluded) if query.excluded else None


def plain(text: str) -> str:
    """A text as PostgreSQL holds texts: without NUL and without halves of characters."""
    return text.replace("\x00", " ").encode(errors="replace").decode()
