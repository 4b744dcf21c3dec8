from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.functions.reading.sentences import lines, sentences


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        ["One stops.", "Two asks?", "Three shouts!", "Four"],
        ["He said “no.”", "Then he left (at once.)", "So did she."],
        ["The pressure is 17.5 bar, i.e. too much, says Dr. Morath (see Fig. 3).", "Stop it."],
        ["It is closed by J. Smith et al. In the end it leaks."],  # an abbreviation may hide an end, never invent one
        ["Gr\u00f6\u00dfe z.B. Druck.", "\u00dcbrigens nicht."],
        ["\u6c34\u6cf5\u505c\u4e86\u3002", "\u95e8\u5173\u4e86\u3002"],
        ["no capital follows. so it goes on", ],
    ],
)  # fmt: skip
def test_sentences(expected: list[str]) -> None:
    joined = ("" if "\u3002" in expected[0] else " ").join(expected)
    assert _cut(joined) == expected


@given(st.text(st.sampled_from('ab.!? \n\u3002\u00a0)"A'), max_size=80), st.integers(0, 20), st.integers(0, 80))
def test_nothing_but_white_space_is_left_out(text: str, start: int, end: int) -> None:
    start, end = min(start, len(text)), min(end, len(text))
    for cut in (sentences, lines):
        reached = start
        for first, last in cut(text, start, end):
            assert reached <= first < last <= end
            assert not text[reached:first].strip()
            assert text[last - 1].strip()
            reached = last
        assert not text[reached:end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "\u0647\u0644 \u0627\u0644\u0645\u0627\u0621 \u0646\u0638\u064a\u0641\u061f|\u0646\u0639\u0645.",
        "\u092a\u093e\u0928\u0940 \u0938\u093e\u092b \u0939\u0948\u0964|\u0939\u093e\u0901\u0964",
        "\u1295\u1339\u1205 \u1290\u12cd\u1362|\u12a0\u12ce\u1362",
    ],
    ids=["Arabic", "Hindi", "Amharic"],
)
def test_scripts_end_sentences_with_their_own_signs(text: str) -> None:
    first, second = text.split("|")
    whole = f"{first} {second}"
    assert [whole[start:end] for start, end in sentences(whole, 0, len(whole))] == [first, second]


# What takes a thousand times as long as a thousandth of it is done at once; what takes a million times as long, never.
_ENDLESS = 500_000


@pytest.mark.parametrize("text", ["." * _ENDLESS + " words", '!"' * _ENDLESS + " words", "\u3002" * _ENDLESS])
def test_a_run_of_stops_is_one_end_however_long_it_is(text: str) -> None:
    assert [len(sentence) for sentence in _cut(text)] == [len(text)]
    assert _cut(f"Stop{'.' * _ENDLESS} Go{' ' * _ENDLESS}on.") == [f"Stop{'.' * _ENDLESS}", f"Go{' ' * _ENDLESS}on."]


def test_white_space_at_a_lines_end_is_none_of_it_however_long_it_is() -> None:
    text = f"{' ' * _ENDLESS}\n  a b{' ' * _ENDLESS}\n{' ' * _ENDLESS}"
    assert [text[start:end] for start, end in lines(text, 0, len(text))] == ["  a b"]
