from __future__ import annotations

import pytest

from inference.evaluation.figures import Figure, Line, Section, Target
from inference.evaluation.table import cells, number, render, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.01234, "0.012"),
        (0.9994, "0.999"),
        (0.9996, "1.00"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.94, "99.9"),
        (99.96, "100"),
        (1234.5, "1 234"),
        (12_345_678, "12 345 678"),
        (-12.34, "-12.3"),
    ],
)
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_the_spread_is_shown_where_there_is_one() -> None:
    assert shown(Figure((3, 1, 2), "ms")) == "2.00 ms (1.00–3.00)"
    assert shown(Figure((2,), "ms")) == "2.00 ms"
    assert shown(Figure((2,), "")) == "2.00"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (Line("start", Figure((1.5,), "s"), target=Target(5)), ("  start", "1.50 s", "", "", "≤ 5 s", "yes")),
        (Line("start", Figure((6,), "s"), target=Target(5)), ("  start", "6.00 s", "", "", "≤ 5 s", "NO")),
        (
            Line("rate", Figure((500,), "/s"), "more", Figure((50,), "/s"), Target(10, "ratio", 100)),
            ("  rate", "500 /s", "50.0 /s", "10.0×", "≥ 10× (goal 100×)", "yes"),
        ),
        (
            Line("rate", Figure((500,), "/s"), "more", target=Target(10, "ratio")),
            ("  rate", "500 /s", "", "", "≥ 10×", "not measured"),
        ),
        (Line("rate", Figure((500,), "/s"), "more", target=Target(9)), ("  rate", "500 /s", "", "", "≥ 9 /s", "yes")),
    ],
)
def test_cells(line: Line, expected: tuple[str, ...]) -> None:
    assert cells(line) == expected


def test_the_table_stands_in_columns_between_the_machine_and_the_notes() -> None:
    lines = [Line("short", Figure((1,), "s")), Line("a longer name", Figure((1000,), "s"), peer=Figure((20,), "s"))]
    text = render([("CPU", "fast"), ("memory", "much")], [Section("one", lines, ["how"]), Section("two", [], [])])
    rows = text.splitlines()
    assert rows[:3] == ["CPU     fast", "memory  much", ""]
    assert rows[-1] == "one: how"
    short, longer = (next(row for row in rows if name in row) for name in ("short", "a longer name"))
    assert short.index("1.00 s") + len("1.00 s") == longer.index("1 000 s") + len("1 000 s")
    assert "0.020×" in longer
    assert rows.index("one") < rows.index(short) < rows.index("two")


def test_a_table_of_nothing() -> None:
    assert "ours" in render([], [])
