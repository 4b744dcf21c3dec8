"""A document into passages, by one of several strategies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inference.functions.reading.atoms import Atom, TokenisedPage, atoms_of, sentences_of, words_of
from inference.functions.reading.chunks import ChunkText, TokenCounter
from inference.functions.reading.document import ReadDocument
from inference.functions.reading.outline import Outline
from inference.functions.reading.packing import Packed, fill, pack
from inference.functions.reading.sections import sections_of
from inference.models.collections import Chunking

MAX_TOKENS = 254
"""all-MiniLM-L6-v2 takes 256 (its `max_seq_length`), of which two are the special tokens around a text."""
_FEWEST_TOKENS = 8
_OVERLAP = {"structure": 32, "tokens": 32, "sentences": 0, "pages": 0}
"""Tokens that a passage repeats of the one before, when a collection does not say: a sentence or two."""
_FILLED = {"structure": 0.75, "pages": 0.75, "sentences": 0.9, "tokens": 1.0}
"""Of the room that a passage has, what is filled on average. Measured on 42 files, as is that parts of sections and
pages repeat half of what they may, for they are whole sentences."""

_Count = Callable[[list[Atom]], int]
_Pieces = Iterator[tuple[Packed, tuple[str, ...] | None]]
"""Atoms of a chunk, and the headings it stands under; None for those of its first atom."""


def chunk_document(
    document: ReadDocument, counter: TokenCounter, chunking: Chunking | None = None, *, most: int = MAX_TOKENS
) -> list[ChunkText]:
    """Cuts a document into passages of at most `most` tokens of text, or fewer if `chunking` says so; special tokens
    are the caller's to leave room for.

    structure  A section (a heading and what follows, up to the page's end) is a passage, or several of like size that
               overlap. Sections that are small go together. Only a paragraph that goes on over a page's end, and a
               heading whose text follows on the next page, make a passage of two pages.
    sentences  As many sentences, and lines of lists, tables and code, as there is room for, also over a page's end.
    tokens     As many words as there is room for, likewise.
    pages      A page is a passage, or several of like size that overlap.

    Rows of tables stay whole with all but `tokens` unless one alone is too long. Takes time in proportion to the text,
    all of it in this thread. Raises ValueError when `most` leaves no room.
    """
    chunking = chunking or Chunking()
    limit, overlap = _limits(chunking, most)
    if limit < _FEWEST_TOKENS:
        raise ValueError(f"Chunks of {limit} tokens cannot be made: it takes {_FEWEST_TOKENS} at least.")
    pages = [TokenisedPage(page, counter) for page in document.pages]

    def text_of(atoms: list[Atom]) -> str:
        first, last = atoms[0], atoms[-1]
        if first.page == last.page:
            return pages[first.page].text[first.start : last.end]
        return f"{pages[first.page].text[first.start :]}\n{pages[last.page].text[: last.end]}"

    def count(atoms: list[Atom]) -> int:
        first, last = atoms[0], atoms[-1]
        if first.page == last.page:
            found = pages[first.page].exact(first.start, last.end)
        else:
            begun = pages[first.page].exact(first.start, len(pages[first.page].text))
            ended = pages[last.page].exact(0, last.end)
            found = None if begun is None or ended is None else begun + ended
        return counter.count(text_of(atoms)) if found is None else found

    outline = Outline(document)
    chunks: list[ChunkText] = []
    for packed, path in _pieces(document, pages, outline, chunking, count, limit, overlap):
        first, last = packed.atoms[0], packed.atoms[-1]
        headings = outline.path(first.page, first.start) if path is None else path
        chunks.append(
            ChunkText(
                ordinal=len(chunks),
                text=text_of(packed.atoms),
                page=document.pages[first.page].number,
                start=first.start,
                page_end=document.pages[last.page].number,
                end=last.end,
                token_count=packed.tokens,
                headings=(*headings, *outline.table_head(first.page, first.start)),
            )
        )
    return chunks


def expected_passages(documents: int, pages: int, tokens: int, chunking: Chunking, most: int) -> int:
    """How many passages documents of so many pages and tokens are cut into; mostly within a quarter."""
    limit, overlap = _limits(chunking, most)
    by_page = chunking.strategy in ("structure", "pages")
    new = _FILLED[chunking.strategy] * limit - overlap * (0.5 if by_page else 1)
    return max(pages if by_page else documents, round(tokens / max(new, 1)))


def _limits(chunking: Chunking, most: int) -> tuple[int, int]:
    """The most tokens of a passage, and how many it repeats of the one before."""
    limit = min(chunking.max_tokens or most, most)
    overlap = _OVERLAP[chunking.strategy] if chunking.overlap_tokens is None else chunking.overlap_tokens
    return limit, min(overlap, limit // 2)


def _pieces(
    document: ReadDocument,
    pages: list[TokenisedPage],
    outline: Outline,
    chunking: Chunking,
    count: _Count,
    limit: int,
    overlap: int,
) -> _Pieces:
    match chunking.strategy:
        case "structure":
            for section in sections_of(document, pages, limit):
                for packed in pack(section.atoms, count, limit, overlap):
                    # One of nothing but headings is under these, not under what comes after the last of them.
                    bare = all(atom.heading for atom in packed.atoms)
                    places = [(atom.page, atom.start) for atom in packed.atoms]
                    yield packed, outline.shared(places) if bare else section.path
        case "pages":
            for index, page in enumerate(document.pages):
                atoms = [atom for block in page.blocks for atom in atoms_of(pages[index], index, block, limit)]
                for packed in pack(atoms, count, limit, overlap):
                    yield packed, None
        case "sentences" | "tokens":
            cut = sentences_of if chunking.strategy == "sentences" else words_of
            atoms = [
                atom
                for index, page in enumerate(document.pages)
                for block in page.blocks
                for atom in cut(pages[index], index, block, limit)
            ]
            for packed in fill(atoms, count, limit, overlap):
                yield packed, None
