"""What a reader is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from inference.errors import UnreadableDocument
from inference.functions.reading.document import OnPage
from inference.functions.reading.limits import DEFAULT_LIMITS, Limits
from inference.functions.reading.sniffing import quoted


def unheard(read: int, of: int) -> None:
    """Hears of progress and does nothing."""


def _granted() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read: its bytes, what it is called, what it may cost, and who hears of the progress.

    `on_recognition` is called before a picture's text is recognised, which takes seconds: whoever limits the time
    grants more of it. `depth` counts the files that this one is inside of.
    """

    data: bytes
    name: str
    content_type: str | None = None
    on_page: OnPage = unheard
    on_recognition: Callable[[], None] = _granted
    limits: Limits = DEFAULT_LIMITS
    depth: int = 0

    def inner(self, data: bytes, name: str, content_type: str | None = None) -> Task:
        """The task of reading a file that is inside this one. Raises UnreadableDocument when it is too deep inside."""
        if self.depth >= self.limits.max_depth:
            raise UnreadableDocument(
                f"{quoted(name)} lies more than {self.limits.max_depth} files deep inside others and was not read."
            )
        return replace(self.part(data, name, content_type), depth=self.depth + 1)

    def part(self, data: bytes, name: str, content_type: str | None) -> Task:
        """The task of reading what this file itself says in another form: a message's text, a book's chapter."""
        return replace(self, data=data, name=name, content_type=content_type, on_page=unheard)
