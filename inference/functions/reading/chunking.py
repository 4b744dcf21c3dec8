"""A document into passages, by its structure: sections first, then paragraphs, sentences and, at worst, words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from inference.functions.reading.atoms import Atom, TokenisedPage, atoms_of
from inference.functions.reading.chunks import ChunkText, TokenCounter
from inference.functions.reading.document import ReadDocument
from inference.functions.reading.packing import pack

MAX_TOKENS = 254
"""all-MiniLM-L6-v2 takes 256 (its `max_seq_length`), of which two are the special tokens around a text."""


def chunk_document(
    document: ReadDocument, counter: TokenCounter, max_tokens: int = MAX_TOKENS, overlap_tokens: int = 32
) -> list[ChunkText]:
    """Cuts a document into passages of at most `max_tokens` tokens of text; special tokens are the caller's to leave
    room for.

    A section (a heading and what follows, up to the page's end) is a passage, or several of like size that overlap by
    up to `overlap_tokens`. Sections that are small go together. Only a paragraph that goes on over a page's end, and
    a heading whose text follows on the next page, make a passage of two pages.

    Takes time in proportion to the text, all of it in this thread. Raises ValueError for limits that leave no room.
    """
    if max_tokens < 8 or not 0 <= overlap_tokens <= max_tokens // 2:
        raise ValueError(f"Chunks of {max_tokens} tokens that overlap by {overlap_tokens} cannot be made.")
    pages = [TokenisedPage(page, counter) for page in document.pages]

    def text_of(atoms: list[Atom]) -> str:
        by_page = (list(group) for _, group in groupby(atoms, key=lambda atom: atom.page))
        return "\n".join(pages[group[0].page].text[group[0].start : group[-1].end] for group in by_page)

    chunks: list[ChunkText] = []
    for group in _groups(_sections(document, pages, max_tokens), max_tokens):
        for packed in pack(group.atoms, lambda atoms: counter.count(text_of(atoms)), max_tokens, overlap_tokens):
            first, last = packed.atoms[0], packed.atoms[-1]
            chunks.append(
                ChunkText(
                    ordinal=len(chunks),
                    text=text_of(packed.atoms),
                    page=document.pages[first.page].number,
                    start=first.start,
                    page_end=document.pages[last.page].number,
                    end=last.end,
                    token_count=packed.tokens,
                    headings=group.path,
                )
            )
    return chunks


@dataclass(slots=True)
class _Section:
    """Atoms that belong together: under one heading and on one page, or two when a paragraph goes on."""

    path: tuple[str, ...]
    atoms: list[Atom] = field(default_factory=list[Atom])
    has_body: bool = False

    @property
    def tokens(self) -> int:
        return sum(atom.tokens for atom in self.atoms)


def _sections(document: ReadDocument, pages: list[TokenisedPage], limit: int) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    section = _Section(())
    for index, page in enumerate(document.pages):
        for at, block in enumerate(page.blocks):
            if block.kind == "heading":
                path = [*((level, title) for level, title in path if level < block.level), (block.level, block.title)]
            if section.atoms and (block.kind == "heading" or (at == 0 and not block.continues)):
                yield section
                section = _Section(())
            section.path = tuple(title for _, title in path)
            section.has_body = section.has_body or block.kind != "heading"
            section.atoms += atoms_of(pages[index], index, block, limit)
    if section.atoms:
        yield section


def _groups(sections: Iterator[_Section], limit: int) -> Iterator[_Section]:
    """Sections, headings without text of their own joined to what follows, small ones to their neighbours."""
    group: _Section | None = None
    for section in _with_text(sections):
        if group and _go_together(group, section, limit):
            group = _Section(_shared(group.path, section.path), group.atoms + section.atoms, True)
        else:
            if group:
                yield group
            group = section
    if group:
        yield group


def _with_text(sections: Iterator[_Section]) -> Iterator[_Section]:
    headings: list[Atom] = []
    last: _Section | None = None
    for section in sections:
        last = section
        if section.has_body:
            yield _Section(section.path, headings + section.atoms, True)
            headings = []
        else:
            headings += section.atoms
    if last and headings:
        yield _Section(last.path, headings, True)


def _go_together(group: _Section, section: _Section, limit: int) -> bool:
    """Whether two neighbours on one page fit and one of them is small; under different top headings, both must be."""
    small = limit // 4
    one, other = group.tokens, section.tokens
    if one + other > limit or group.atoms[-1].page != section.atoms[0].page:
        return False
    if group.path[:1] != section.path[:1]:
        return one < small and other < small
    return one < small or other < small


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that two paths have in common, from the outermost."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]
