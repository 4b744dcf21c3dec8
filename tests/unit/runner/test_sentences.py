"""Passages of wrapped, listed and tabled text to sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.runner.engines.extractive.sentences import LONGEST, Sentence, split_sentences


def _texts(passage: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(passage)]


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("One is here. Two is there! Three?", ["One is here.", "Two is there!"]),
        ("It costs 3.5 EUR. Ask Dr. Smith, e.g. by mail.", ["It costs 3.5 EUR.", "Ask Dr. Smith, e.g. by mail."]),
        ("See Fig. 4 and No. 7. The answer is no. Go on.", ["See Fig. 4 and No. 7.", "The answer is no.", "Go on."]),
        (
            "J. Smith wrote it. It holds 90 °C. Above, it breaks.",
            ["J. Smith wrote it.", "It holds 90 °C.", "Above, it breaks."],
        ),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("水は百度で沸騰する。氷は零度で溶ける。", ["水は百度で沸騰する。", "氷は零度で溶ける。"]),
        ("...\n\n—\n\n42", ["42"]),
        ("", []),
    ],
)
def test_ends_of_sentences(passage: str, expected: list[str]) -> None:
    assert _texts(passage) == expected


def test_lines_wrapped_by_a_pdf_are_joined() -> None:
    passage = "The permissible pres-\nsure is 16 bar at a liquid\ntemperature of 90 degrees. Never ex-\nceed it."
    assert _texts(passage) == [
        "The permissible pressure is 16 bar at a liquid temperature of 90 degrees.",
        "Never exceed it.",
    ]


def test_soft_hyphens_go() -> None:
    assert _texts("The pres\u00adsure and the tem\u00ad\nperature rise.") == ["The pressure and the temperature rise."]


def test_rows_and_list_items_stand_alone() -> None:
    passage = (
        "Technical data\nMaximum pressure   16 bar\nWeight   68 kg\n- Open the valve\n- Start the motor slowly and wait"
    )
    assert _texts(passage) == [
        "Maximum pressure 16 bar",
        "Weight 68 kg",
        "Open the valve",
        "Start the motor slowly and wait",
    ]


def test_numbers_mark_items_or_headings() -> None:
    assert _texts("1. Open the valve\n2. Start the motor") == ["Open the valve", "Start the motor"]
    assert split_sentences("3. Weight\n\nIt is 68 kg.") == [Sentence("It is 68 kg.", "Weight", 1)]


def test_a_heading_is_the_context_of_what_follows() -> None:
    found = split_sentences(
        "# Warranty\n\nIt lasts 24 months. Claims are sent within fourteen days to the service address below."
    )
    assert [(sentence.text, sentence.context) for sentence in found] == [
        ("It lasts 24 months.", "Warranty"),
        ("Claims are sent within fourteen days to the service address below.", ""),
    ]


def test_a_question_is_the_context_of_its_answer_only() -> None:
    found = split_sentences(
        "Q: May I work abroad?\nA: For twenty days. The manager decides about every single day of it."
    )
    assert found[0] == Sentence("For twenty days.", "Q: May I work abroad?", 1)
    assert "abroad" not in found[1].in_context


def test_a_pronoun_is_read_with_what_it_points_back_to() -> None:
    found = split_sentences(
        "Marie Curie was a physicist and chemist from Warsaw. She died in 1934 in a sanatorium in France."
    )
    assert found[1].in_context.startswith("Marie Curie was a physicist and: She died")
    assert found[1].text == "She died in 1934 in a sanatorium in France."


def test_long_sentences_are_cut_between_words() -> None:
    words = " ".join(["valve"] * 300)
    pieces = _texts(words)
    assert " ".join(pieces) == words
    assert all(len(piece) <= LONGEST for piece in pieces)


@given(st.text(max_size=2000))
def test_any_text_gives_quotable_sentences(text: str) -> None:
    for sentence in _texts(text):
        assert 0 < len(sentence) <= LONGEST
        assert sentence == sentence.strip()


def test_rows_of_a_table_are_sentences_that_its_first_row_explains() -> None:
    passage = "The pumps\n\nModel | Pressure\nP-1 | 16 bar. Never more. | red\np-2 | 20 bar\n\nAll are blue."
    assert [(one.text, one.context) for one in split_sentences(passage)] == [
        ("Model | Pressure", "The pumps"),
        ("P-1 | 16 bar. Never more. | red", "Model | Pressure"),
        ("p-2 | 20 bar", "Model | Pressure"),
        ("All are blue.", "The pumps"),
    ]


def test_a_passage_that_begins_inside_a_table_stands_under_its_first_row() -> None:
    begun, other = split_sentences("P-3 | 9 bar\n\nPump | Colour\nP-4 | red", "Pumps › Model | Pressure")[::2]
    assert begun == Sentence("P-3 | 9 bar", "Pumps › Model | Pressure")
    assert other == Sentence("P-4 | red", "Pump | Colour")
