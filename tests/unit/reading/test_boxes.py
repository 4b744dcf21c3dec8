from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.functions.reading import Box, Line, boxes_of, pack_lines, unpack_lines

_LINES = [Line(0, 10, 0.1, 0.10, 0.9, 0.12), Line(11, 21, 0.1, 0.13, 0.5, 0.15), Line(30, 40, 0.2, 0.5, 0.8, 0.52)]
_share = st.floats(0, 1)


@st.composite
def _lines(draw: st.DrawFn) -> list[Line]:
    lines: list[Line] = []
    reached = 0
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100_000)), max_size=30)):
        x0, x1 = sorted([draw(_share), draw(_share)])
        y0, y1 = sorted([draw(_share), draw(_share)])
        lines.append(Line(reached + gap, reached + gap + length, x0, y0, x1, y1))
        reached += gap + length
    return lines


@given(_lines())
def test_packed_lines_come_back_to_a_65535th(lines: list[Line]) -> None:
    packed = pack_lines(lines)
    found = unpack_lines(packed)
    assert [line[:2] for line in found] == [line[:2] for line in lines]
    for line, other in zip(lines, found, strict=True):
        assert other[2:] == pytest.approx(line[2:], abs=0.51 / 65535)
    assert pack_lines(found) == packed


def test_a_line_of_a_page_takes_ten_bytes() -> None:
    assert len(pack_lines([Line(n * 91, n * 91 + 90, 0.1, 0.1, 0.9, 0.12) for n in range(50)])) == 500


@pytest.mark.parametrize(
    "lines",
    [
        [Line(5, 5, 0, 0, 1, 1)],
        [Line(0, 5, 0, 0, 1, 1), Line(4, 6, 0, 0, 1, 1)],
        [Line(0, 5, 0, 0, 1.5, 1)],
        [Line(0, 5, -0.5, 0, 1, 1)],
    ],
    ids=["empty", "overlapping", "beyond", "before"],
)
def test_what_are_no_lines_is_refused(lines: list[Line]) -> None:
    with pytest.raises(ValueError, match="The line at"):
        pack_lines(lines)


@given(st.binary(max_size=60))
def test_bytes_that_were_not_packed_are_refused_or_read(data: bytes) -> None:
    try:
        unpack_lines(data)
    except ValueError as error:
        assert "not the packed lines" in str(error)  # noqa: PT017 - either outcome is right


def test_a_range_within_a_line_is_cut_in_proportion() -> None:
    assert [tuple(box) for box in boxes_of(_LINES, 2, 7)] == [pytest.approx((0.26, 0.10, 0.66, 0.12))]


def test_a_range_over_lines_has_a_box_for_each() -> None:
    first, second = boxes_of(_LINES, 5, 16)
    assert (first.x0, first.x1) == (pytest.approx(0.5), 0.9)
    assert (second.x0, second.x1) == (0.1, pytest.approx(0.3))
    assert len(boxes_of(_LINES, 0, 40)) == 3


@pytest.mark.parametrize(("start", "end"), [(10, 11), (21, 30), (5, 5), (40, 90)])
def test_a_range_without_a_line_has_no_box(start: int, end: int) -> None:
    assert boxes_of(_LINES, start, end) == []
    assert boxes_of([], 0, 10) == []


def test_a_line_that_is_higher_than_wide_stays_whole() -> None:
    assert boxes_of([Line(0, 100, 0.1, 0.1, 0.15, 0.9)], 10, 20) == [Box(0.1, 0.1, 0.15, 0.9)]
