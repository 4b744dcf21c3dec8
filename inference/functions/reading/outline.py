"""What a place in a document stands under: its headings, and the head of a table that began before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import reduce

from inference.functions.reading.document import MAX_TITLE, ReadDocument


class Outline:
    """Answers by the index of a page and an offset in its text."""

    def __init__(self, document: ReadDocument) -> None:
        self._places: list[tuple[int, int]] = []
        self._paths: list[tuple[str, ...]] = []
        self._heads: list[tuple[str, ...]] = []
        path: list[tuple[int, str]] = []
        head = ""
        for index, page in enumerate(document.pages):
            for block in page.blocks:
                if block.kind == "heading":
                    path = [
                        *((level, title) for level, title in path if level < block.level),
                        (block.level, block.title),
                    ]
                if block.kind != "table":
                    head = ""
                elif not (block.continues and head):
                    end = page.text.find("\n", block.start, block.end)
                    head = page.text[block.start : end if end >= 0 else block.end][: 2 * MAX_TITLE]
                # A table that begins here shows its head itself.
                begins = block.kind == "table" and not block.continues
                self._places.append((index, block.start))
                self._paths.append(tuple(title for _, title in path))
                self._heads.append(() if begins or not head else (head,))
                if begins:
                    self._places.append((index, block.start + 1))
                    self._paths.append(self._paths[-1])
                    self._heads.append((head,))

    def path(self, page: int, at: int) -> tuple[str, ...]:
        """The headings above a place, outermost first, a heading's own included."""
        found = bisect_right(self._places, (page, at))
        return self._paths[found - 1] if found else ()

    def shared(self, places: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        """The headings above several headings: the last one's path, when each of the others is in it; else what their
        paths share."""
        paths = [self.path(page, at) for page, at in places]
        last = paths[-1]
        return last if all(path == last[: len(path)] for path in paths) else reduce(shared, paths)

    def table_head(self, page: int, at: int) -> tuple[str, ...]:
        """The first row of the table that a place is inside of, cut at twice MAX_TITLE characters; else none."""
        found = bisect_right(self._places, (page, at))
        return self._heads[found - 1] if found else ()


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that two paths have in common, from the outermost."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]
