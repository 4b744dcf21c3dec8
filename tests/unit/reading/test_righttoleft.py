"""Words that are read from right to left, by the places of their letters."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inference.functions.reading.pages.righttoleft import has_right_to_left, in_reading_direction

_PUMP = "\u0627\u0644\u0645\u0636\u062e\u0629"  # six letters
_YEAR = "\u0633\u0646\u0629"


def _read(*drawn: tuple[str, Sequence[float]]) -> str:
    """Characters and where each begins."""
    places = [place for _, some in drawn for place in some]
    return in_reading_direction("".join(text for text, _ in drawn), places.__getitem__)


def _rising(start: float, text: str) -> tuple[str, list[float]]:
    return text, [start + 5 * at for at in range(len(text))]


def _falling(start: float, text: str) -> tuple[str, list[float]]:
    return text, [start - 5 * at for at in range(len(text))]


def test_a_word_drawn_from_left_to_right_is_turned() -> None:
    assert _read(_rising(100, _PUMP[::-1]), (" ", [95]), _rising(70, _YEAR[::-1]), (".", [65])) == f"{_PUMP} {_YEAR}."


def test_a_word_in_reading_order_stays() -> None:
    assert _read(_falling(130, _PUMP), (" ", [95]), _falling(80, _YEAR)) == f"{_PUMP} {_YEAR}"


def test_numbers_and_latin_words_stay() -> None:
    words = _rising(200, "250"), (" ", [190]), _rising(100, "\u0662\u0665"), (" ", [90]), _rising(50, "bar")
    assert _read(*words) == "250 \u0662\u0665 bar"


def test_the_letters_of_a_ligature_stay_as_they_are() -> None:
    """Peace: seen, lam and alef as one shape, meem."""
    assert _read(("\u0645\u0644\u0627\u0633", [100, 105, 105, 112])) == "\u0633\u0644\u0627\u0645"


def test_a_letter_and_its_mark_are_no_word_to_turn() -> None:
    assert _read(("\u0648\u064e", [100, 101])) == "\u0648\u064e"


@pytest.mark.parametrize(
    ("text", "has"), [("bar", False), ("\u201cbar\u201d", False), (_YEAR, True), ("a \u05d1", True), ("\u0662", False)]
)
def test_which_texts_have_such_letters(text: str, has: bool) -> None:
    assert has_right_to_left(text) is has
