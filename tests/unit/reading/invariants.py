"""What holds for every document that was read, whatever its kind."""

from __future__ import annotations

import unicodedata

from inference.functions.reading import ReadDocument


def check(document: ReadDocument) -> None:
    assert document.pages
    assert [page.number for page in document.pages] == list(range(1, len(document.pages) + 1))
    for page in document.pages:
        page.text.encode()  # no lone surrogates
        assert not {c for c in page.text if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
        reached = 0
        for block in page.blocks:
            assert reached <= block.start < block.end <= len(page.text)
            assert not page.text[reached : block.start].strip()
            assert page.text[block.start : block.end].strip()
            assert page.text[block.end - 1].strip()
            assert (block.kind == "heading") == (block.level > 0)
            assert "\n" not in block.title
            reached = block.end
        assert not page.text[reached:].strip()
    assert all(not page.blocks or not page.blocks[0].continues for page in document.pages[:1])


def told(document: ReadDocument) -> list[tuple[int, str, str]]:
    """Page, kind and text of each block."""
    check(document)
    return [
        (page.number, f"{block.kind}{block.level or ''}", page.text[block.start : block.end])
        for page in document.pages
        for block in page.blocks
    ]
