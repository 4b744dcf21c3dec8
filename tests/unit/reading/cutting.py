"""Documents to be cut into passages, and what holds for the passages of any."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from hypothesis import strategies as st

from inference.functions.reading import (
    ChunkText,
    Page,
    ReadDocument,
    TokenCounter,
    chunk_document,
)
from inference.functions.reading.document import BlockKind, PageWriter
from inference.models.collections import Chunking

Strategy = Literal["structure", "tokens", "sentences", "pages"]
STRATEGIES: tuple[Strategy, ...] = ("structure", "tokens", "sentences", "pages")
PARAGRAPH = "The valve is opened slowly. It has a red wheel. Nobody may touch it during a storm! "


def document_of(
    *pages: Sequence[tuple[BlockKind, str] | tuple[BlockKind, str, int]], going_on: bool = False
) -> ReadDocument:
    made: list[Page] = []
    for number, blocks in enumerate(pages, 1):
        writer = PageWriter()
        for at, block in enumerate(blocks):
            writer.add(
                block[0],
                block[1],
                level=block[2] if len(block) == 3 else 0,
                continues=going_on and at == 0 and number > 1,
            )
        made.append(writer.page(number))
    return ReadDocument("pdf", None, made)


def cut(
    document: ReadDocument, counter: TokenCounter, limit: int, overlap: int, strategy: Strategy = "structure"
) -> list[ChunkText]:
    return chunk_document(document, counter, Chunking(strategy=strategy, overlap_tokens=overlap), most=limit)


def check(document: ReadDocument, chunks: list[ChunkText], counter: TokenCounter, limit: int) -> None:
    """What holds for chunks of any document."""
    pages = {page.number: page for page in document.pages}
    covered = {number: bytearray(len(page.text)) for number, page in pages.items()}
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert chunk.text.strip()
        assert chunk.token_count == counter.count(chunk.text) <= limit
        assert 0 <= chunk.page_end - chunk.page <= 1
        if chunk.page == chunk.page_end:
            assert pages[chunk.page].text[chunk.start : chunk.end] == chunk.text
        else:
            tail, head = pages[chunk.page].text[chunk.start :], pages[chunk.page_end].text[: chunk.end]
            assert chunk.text == f"{tail}\n{head}"
        for number in range(chunk.page, chunk.page_end + 1):
            start = chunk.start if number == chunk.page else 0
            end = chunk.end if number == chunk.page_end else len(pages[number].text)
            covered[number][start:end] = b"\x01" * (end - start)
    for before, after in pairwise(chunks):
        assert (before.page, before.start) < (after.page, after.start)
        assert (before.page_end, before.end) < (after.page_end, after.end)
    for number, page in pages.items():
        missed = [c for c, there in zip(page.text, covered[number], strict=True) if not there and not c.isspace()]
        assert not missed


_words = st.text(st.sampled_from("abcdefgXYZ.!? \u00e4\u4e2d\u3002\n1,"), min_size=1, max_size=400)
_repeated: st.SearchStrategy[str] = st.sampled_from([PARAGRAPH, "word ", "x", "\ufffd", "- item\n"])
_long = st.tuples(_repeated, st.integers(1, 90)).map(lambda drawn: drawn[0] * drawn[1])
_kinds: st.SearchStrategy[BlockKind] = st.sampled_from(["heading", "paragraph", "list", "table", "code"])


@st.composite
def documents(draw: st.DrawFn) -> ReadDocument:
    pages: list[Page] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        writer = PageWriter()
        for _ in range(draw(st.integers(0, 5))):
            kind = draw(_kinds)
            goes_on = bool(pages) and bool(pages[-1].blocks) and not writer and draw(st.booleans())
            writer.add(
                kind, draw(_words | _long), level=draw(st.integers(1, 4)) if kind == "heading" else 0, continues=goes_on
            )
        pages.append(writer.page(number))
    return ReadDocument("pdf", None, pages)
