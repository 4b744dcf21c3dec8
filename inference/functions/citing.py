"""From search hits to numbered sources that an answer can cite."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from inference.functions.context import Context
from inference.functions.registry import function
from inference.models.search import CiteRequest, CiteResult, SearchHit, Source

# English text has about four characters to a token; a budget for a prompt need not be more exact.
_CHARACTERS_PER_TOKEN = 4


@function(scope="search:read")
async def cite_sources(ctx: Context, request: CiteRequest) -> CiteResult:
    """Numbers the hits as sources, best first, as many as the token budget holds, and writes them out for a prompt."""
    kept: list[SearchHit] = []
    budget = request.token_budget * _CHARACTERS_PER_TOKEN
    for hit in request.hits:
        budget -= len(hit.text)
        if kept and budget < 0:
            break
        kept.append(hit)
    return CiteResult(
        sources=[_source(number, hit) for number, hit in enumerate(kept, 1)],
        context="\n\n".join(write_source(number, hit) for number, hit in enumerate(kept, 1)),
    )


def write_source(number: int, hit: SearchHit) -> str:
    """A source as prompts hold it; text is escaped, so that a document cannot end its own element."""
    name = quoteattr(hit.document_name)
    return f'<source n="{number}" document={name} page="{hit.page}">\n{escape(hit.text)}\n</source>'


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
