"""Where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOPS, _WIDE_STOPS = ".!?…؟۔।॥።։", "。！？"
# After a full stop, white space and something that is no small letter; scripts without spaces need only their full
# stop. A run of stops is looked at once, from its first: else a page of nothing but stops takes hours. That the pattern
# begins with the characters that it looks for lets `re` skip all others.
_END = re.compile(
    rf"[{_STOPS}{_WIDE_STOPS}](?:"
    rf"(?<=[{_STOPS}])(?<![{_STOPS}]{{2}})[{_STOPS}]*+[\"'”’»)\]]*+(?=\s++[^\sa-z])|"
    rf"(?<=[{_WIDE_STOPS}])(?<![{_WIDE_STOPS}]{{2}})[{_WIDE_STOPS}]*+[”’」』）]*+(?=.))",
    re.S,
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[])(?:[A-Za-z]|[A-Za-z]\.[A-Za-z]|e\.g|i\.e|cf|vs|ca|approx|incl|resp|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|"
    r"No|Nos|Nr|Fig|Figs|Eq|Sec|Ch|Vol|pp|ed|eds|al|bzw|usw|vgl|Abb|Tab|Kap|Bd|Str|max|min)\.$"
)
_LOOK_BACK = 12
_LINE = re.compile(r"[^\n]+")


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of `text[start:end]` as offsets, without the white space between them; nothing else is left out."""
    begin = start
    for found in _END.finditer(text, start, end):
        if found.group() == "." and _ABBREVIATED.search(text[max(begin, found.end() - _LOOK_BACK) : found.end()]):
            continue
        yield from _trimmed(text, begin, found.end())
        begin = found.end()
    yield from _trimmed(text, begin, end)


def lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of `text[start:end]` that are not blank, with their indentation."""
    for found in _LINE.finditer(text, start, end):
        length = len(found.group().rstrip())
        if length:
            yield found.start(), found.start() + length


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    stripped = words.strip()
    if stripped:
        begin = start + len(words) - len(words.lstrip())
        yield begin, begin + len(stripped)
