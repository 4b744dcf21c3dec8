"""A document's sections: what belongs together under a heading and should not be torn apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inference.functions.reading.atoms import Atom, TokenisedPage, atoms_of
from inference.functions.reading.document import ReadDocument
from inference.functions.reading.outline import shared


@dataclass(slots=True)
class Section:
    """Atoms that belong together: under one heading and on one page, or two when a paragraph goes on."""

    path: tuple[str, ...]
    atoms: list[Atom] = field(default_factory=list[Atom])
    has_body: bool = False

    @property
    def tokens(self) -> int:
        return sum(atom.tokens for atom in self.atoms)


def _sections(document: ReadDocument, pages: list[TokenisedPage], limit: int) -> Iterator[Section]:
    path: list[tuple[int, str]] = []
    section = Section(())
    for index, page in enumerate(document.pages):
        for at, block in enumerate(page.blocks):
            if block.kind == "heading":
                path = [*((level, title) for level, title in path if level < block.level), (block.level, block.title)]
            if section.atoms and (block.kind == "heading" or (at == 0 and not block.continues)):
                yield section
                section = Section(())
            section.path = tuple(title for _, title in path)
            section.has_body = section.has_body or block.kind != "heading"
            section.atoms += atoms_of(pages[index], index, block, limit)
    if section.atoms:
        yield section


def sections_of(document: ReadDocument, pages: list[TokenisedPage], limit: int) -> Iterator[Section]:
    """Sections, headings without text of their own joined to what follows, small ones to their neighbours."""
    group: Section | None = None
    for section in _with_text(_sections(document, pages, limit)):
        if group and _go_together(group, section, limit):
            group = Section(shared(group.path, section.path), group.atoms + section.atoms, True)
        else:
            if group:
                yield group
            group = section
    if group:
        yield group


def _with_text(sections: Iterator[Section]) -> Iterator[Section]:
    headings: list[Atom] = []
    last: Section | None = None
    for section in sections:
        last = section
        if section.has_body:
            yield Section(section.path, headings + section.atoms, True)
            headings = []
        else:
            headings += section.atoms
    if last and headings:
        yield Section(last.path, headings, True)


def _go_together(group: Section, section: Section, limit: int) -> bool:
    """Whether two neighbours on one page fit and one of them is small; under different top headings, both must be."""
    small = limit // 4
    one, other = group.tokens, section.tokens
    if one + other > limit or group.atoms[-1].page != section.atoms[0].page:
        return False
    if group.path[:1] != section.path[:1]:
        return one < small and other < small
    return one < small or other < small
