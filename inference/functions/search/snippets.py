"""The part of a text that shows best why it was found. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inference.models.search import Snippet, Span


def snippet(text: str, matches: Sequence[tuple[int, int]], length: int) -> Snippet:
    """About `length` characters of `text` with most different matched words in them, from word to word; its beginning
    where nothing matched. `matches`: start and end of the matched words, in order."""
    # In scripts without spaces a whole text may match.
    matches = [(a, min(b, a + length)) for a, b in matches]
    start, end = _window(text, matches, length)
    inside = [Span(start=a - start, end=b - start) for a, b in matches if start <= a and b <= end]
    return Snippet(text=text[start:end], start=start, highlights=inside)


def _window(text: str, matches: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    first, last = _densest(text, matches, length) if matches else (0, 0)
    around = max(length - (last - first), 0)
    start = max(0, min(first - around // 2, len(text) - length))
    end = min(len(text), max(start + length, last))
    return _word_start(text, start, first), _word_end(text, end, last)


def _densest(text: str, matches: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Start and end of the run of matches within `length` that has most different words, then most words, then comes
    first."""
    best, best_value = matches[0], (0, 0)
    words: Counter[str] = Counter()
    begin = 0
    for number, (start, end) in enumerate(matches):
        words[text[start:end].lower()] += 1
        while end - matches[begin][0] > length and begin < number:
            left = text[slice(*matches[begin])].lower()
            words[left] -= 1
            if not words[left]:
                del words[left]
            begin += 1
        if (value := (len(words), number - begin + 1)) > best_value:
            best, best_value = (matches[begin][0], end), value
    return best


def _word_start(text: str, start: int, most: int) -> int:
    """The beginning of the word behind `start`, unless `start` is one; at most `most`."""
    if start == 0 or text[start - 1].isspace():
        return start
    return next((place + 1 for place in range(start, most) if text[place].isspace()), min(start, most))


def _word_end(text: str, end: int, least: int) -> int:
    """The end of the last whole word before `end`; at least `least`. A text without spaces is cut anywhere."""
    if end == len(text) or text[end].isspace():
        return end
    return next((place for place in range(end - 1, least - 1, -1) if text[place].isspace()), end)
