"""Marks in a text that arrives in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.composer.citations import CitationFinder

TEXT = "First thing. The pump runs at 16 bar. [1] It is blue [2, 3]. Bad [9].\nNext one [1]"


def found(pieces: list[str], numbers: list[int]) -> list[tuple[int, str]]:
    finder, whole = CitationFinder(numbers), "".join(pieces)
    return [(c.n, whole[c.start : c.end]) for piece in pieces for c in finder.feed(piece)]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_same_whatever_the_pieces(size: int) -> None:
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    assert found(pieces, [1, 2, 3]) == [
        (1, "The pump runs at 16 bar. [1]"),
        (2, "It is blue [2, 3]"),
        (3, "It is blue [2, 3]"),
        (1, "Next one [1]"),
    ]


@given(st.lists(st.text(alphabet="ab. []12,\n"), max_size=20))
def test_spans_lie_within_the_text_and_end_with_their_mark(pieces: list[str]) -> None:
    for number, span in found(pieces, [1, 2, 12]):
        assert str(number) in span
        assert span.endswith("]")
