"""What a user may ask for in words. Pure: any string gives a query, and no string an error.

    pump valve              chunks with any of the words, the more the better
    "relief valve"~2^3      a phrase; up to two words' worth of distance; weighs three times as much
    pump^2                  a word that weighs twice as much
    headings:pump           required, as is text:"relief valve" and md.year:2021
    -pump -"relief valve"   excluded, as is -headings:pump

Fields are text, document_name (or name), headings, and md.… or document_md.… for a path into a document's metadata. A
prefix that is none of them is dropped. There are no operators, ranges, wildcards or groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from db.bm25.words import split

Field: TypeAlias = Literal["text", "headings", "document_name", "metadata"]

LONGEST_QUERY = 16_384
# As Lucene's limit of clauses: words beyond are not looked for. What is required or excluded is never left out unsaid.
MOST_WORDS = 1024
# Each is a look into every document's metadata.
MOST_METADATA_CLAUSES = 16
_HEAVIEST = 1000.0
_WIDEST = 1000
_FIELDS: dict[str, Field] = {
    "text": "text",
    "headings": "headings",
    "document_name": "document_name",
    "name": "document_name",
}
_METADATA = ("md", "document_md")

_CLAUSE = re.compile(
    r"(?P<sign>-)?(?:(?P<field>\w[\w.-]*):)?"
    r'(?:"(?P<phrase>[^"]*)"(?:~(?P<slop>\d{1,9}))?(?:\^(?P<boost>\d{1,9}(?:\.\d{0,9})?))?|(?P<word>[^\s"]+))'
)
_BOOST = re.compile(r"\^(\d{1,9}(?:\.\d{0,9})?)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing to look for. `words` are as written; more than one is a phrase, but for plain optional words, which
    are clauses of their own. `slop`: how far, in words, a phrase may be from its order. `path` and `value`: metadata.
    """

    words: tuple[str, ...]
    field: Field = "text"
    slop: int = 0
    boost: float = 1.0
    path: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Chunks that match all of `required`, none of `excluded`, and any of `optional` unless something is required.
    `is_cut`: more was required or excluded than a query may. `said`: the words as they are written, without the signs
    around them, of all that is neither excluded nor about the document, its name and metadata."""

    optional: tuple[Clause, ...] = ()
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    is_cut: bool = False
    said: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing, so that nothing is found."""
        return not self.optional and not self.required

    @property
    def scored(self) -> Iterator[Clause]:
        """The clauses that chunks get scores for."""
        yield from self.optional
        yield from (clause for clause in self.required if clause.field == "text")


@lru_cache(maxsize=2048)
def parse_query(text: str) -> Query:
    """The query that a text asks. Text behind LONGEST_QUERY characters and optional words behind MOST_WORDS are left
    out."""
    optional: list[Clause] = []
    required: list[Clause] = []
    excluded: list[Clause] = []
    said: list[str] = []
    optional_words = binding_words = metadata = 0
    is_cut = False
    for found in _CLAUSE.finditer(text[:LONGEST_QUERY]):
        field, path = _field(found["field"])
        clause, written = _clause(found, field, path)
        if not found["sign"] and field not in ("document_name", "metadata"):
            said += written.split()
        if not clause.words:
            continue
        if found["sign"] or field:
            binding_words += len(clause.words)
            metadata += field == "metadata"
            if binding_words > MOST_WORDS or metadata > MOST_METADATA_CLAUSES:
                is_cut = True
                break
            (excluded if found["sign"] else required).append(clause)
        elif (optional_words := optional_words + len(clause.words)) > MOST_WORDS:
            continue
        elif found["phrase"] is not None:
            optional.append(clause)
        else:
            optional += [Clause((word,), boost=clause.boost) for word in clause.words]
    return Query(tuple(optional), tuple(required), tuple(excluded), is_cut, " ".join(said))


@lru_cache(maxsize=2048)
def query_of_words(text: str) -> Query:
    """A query for any of the words of a text, in which no sign means anything. Words behind MOST_WORDS are left out."""
    return Query(tuple(Clause((word,)) for word in split(text[:LONGEST_QUERY])[:MOST_WORDS]))


def _field(name: str | None) -> tuple[Field | None, tuple[str, ...]]:
    first, *path = (name or "").lower().split(".", 1)
    if first in _METADATA and path and path[0]:
        # Keys are looked up as they are written.
        return "metadata", tuple(part for part in (name or "").split(".")[1:] if part)
    return (None, ()) if path else (_FIELDS.get(first), ())


def _clause(found: re.Match[str], field: Field | None, path: tuple[str, ...]) -> tuple[Clause, str]:
    """Also what it says, as it is written: with a prefix that is no field."""
    value, boost = found["phrase"], found["boost"]
    if value is None:
        value = found["word"]
        if suffix := _BOOST.search(value):
            value, boost = value[: suffix.start()], suffix[1]
    clause = Clause(
        words=tuple(split(value)),
        field=field or "text",
        slop=min(int(found["slop"] or 0), _WIDEST),
        boost=min(float(boost), _HEAVIEST) if boost else 1.0,
        path=path,
        value=value.strip() if path else "",
    )
    return clause, value if field or not found["field"] else f"{found['field']}:{value}"
