"""XML without its dangers: no entities, no document types, nothing fetched, not too deep."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, cast

from inference.errors import UnreadableDocument
from inference.functions.reading.sniffing import quoted

_etree = cast(Any, import_module("lxml.etree"))  # lxml is untyped


class Element(Protocol):
    """What is used of an lxml element."""

    @property
    def tag(self) -> object:
        """A string, save for comments and processing instructions."""
        ...

    @property
    def text(self) -> str | None: ...

    @property
    def tail(self) -> str | None: ...

    def get(self, key: str, /) -> str | None: ...

    def find(self, path: str, /) -> Element | None: ...

    def iter(self, *tags: str) -> Iterator[Element]: ...

    def __iter__(self) -> Iterator[Element]: ...


def parse(content: bytes, name: str, part: str) -> Element:
    """The root of a part's XML. Raises UnreadableDocument when it is not well-formed or more than 256 elements deep."""
    parser = _etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = _etree.fromstring(content, parser)
    except (_etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(
            f"{quoted(name)} is damaged: its part {part[:80]!r} is no well-formed XML ({str(error)[:120]})."
        ) from error
    if root is None:
        raise UnreadableDocument(f"{quoted(name)} is damaged: its part {part[:80]!r} is empty.")
    return cast(Element, root)


def words(element: Element) -> str:
    """All text inside an element, as it stands."""
    return "".join(cast("Iterator[str]", cast(Any, element).itertext()))
