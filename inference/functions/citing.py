"""From search hits to numbered sources that an answer can cite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from xml.sax.saxutils import escape

from inference.functions.context import Context
from inference.functions.registry import function
from inference.models.search import CiteRequest, CiteResult, SearchHit, Source

# English text has about four characters to a token; a budget for a prompt need not be more exact.
_CHARACTERS_PER_TOKEN = 4
_WITHIN = " › "
"""Between a heading and one below it."""
_QUOTED = {'"': "&quot;"}


class Passage(Protocol):
    """What can be shown as a source."""

    @property
    def document_name(self) -> str: ...
    @property
    def page(self) -> int: ...
    @property
    def headings(self) -> Sequence[str]: ...
    @property
    def text(self) -> str: ...


@function(scope="search:read", read_only=True)
async def cite_sources(ctx: Context, request: CiteRequest) -> CiteResult:
    """Numbers the hits as sources, best first, as many as the token budget holds, and writes them out for a prompt.
    Those that are `known` keep their numbers."""
    sources = {source.chunk_id: source for source in request.known}
    number = max((source.n for source in request.known), default=0)
    written: dict[str, str] = {}
    budget = request.token_budget * _CHARACTERS_PER_TOKEN
    for hit in request.hits:
        budget -= len(hit.text) + sum(map(len, hit.headings))
        if written and budget < 0:
            break
        if hit.chunk_id not in sources:
            number += 1
            sources[hit.chunk_id] = _source(number, hit)
        written[hit.chunk_id] = write_source(sources[hit.chunk_id].n, hit)
    return CiteResult(sources=list(sources.values()), context="\n\n".join(written.values()))


def write_source(number: int, passage: Passage) -> str:
    """A source as prompts hold it: its document, the headings that it stands under and its text, all escaped, so that a
    document cannot end its own element."""
    about = {"n": str(number), "document": passage.document_name, "page": str(passage.page)}
    if passage.headings:
        about["section"] = _WITHIN.join(passage.headings)
    attributes = "".join(f' {name}="{escape(value, _QUOTED)}"' for name, value in about.items())
    return f"<source{attributes}>\n{escape(passage.text)}\n</source>"


def _source(number: int, hit: SearchHit) -> Source:
    return Source(
        n=number,
        document_id=hit.document_id,
        document_name=hit.document_name,
        page=hit.page,
        page_end=hit.page_end,
        start=hit.start,
        end=hit.end,
        chunk_id=hit.chunk_id,
        score=hit.score,
        snippet=hit.text,
    )
