"""A passage that is searched, and what counts its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class TokenCounter(Protocol):
    """The tokens of a text as a model sees them, without the special ones that it adds. `by_words`: those of a text are
    those of its parts, where it is cut at spaces and ends of lines."""

    @property
    def by_words(self) -> bool: ...

    def count(self, text: str) -> int: ...

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token in `text`, in characters, ascending."""
        ...

    def starts(self, text: str, longest: int) -> list[int] | None:
        """The starts of these alone, which may be faster, when each word lies wholly in tokens of at most `longest`
        characters. May be None, and is when it does not."""
        ...


@dataclass(frozen=True, slots=True)
class ChunkText:
    """A passage: from `start` in the text of `page` to `end` in the text of `page_end`.

    `ordinal` counts from 0. `token_count` is what the counter says of `text`. `headings` is the path of headings that
    it stands under, outermost first; for a passage over several small sections, the path that they share. The first row
    of a table that the passage begins inside of, which `text` does not repeat, is the last of them.
    """

    ordinal: int
    text: str
    page: int
    start: int
    page_end: int
    end: int
    token_count: int
    headings: tuple[str, ...]
