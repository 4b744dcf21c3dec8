"""Passages of judged texts."""

from __future__ import annotations

from inference.evaluation.quality import windows


def test_windows_of_sentences() -> None:
    text = "one two three four . five six seven eight . nine ten eleven twelve ."
    assert windows([text, text], 3) == [
        "one two three four . five six seven eight",
        "five six seven eight . nine ten eleven twelve .",
        "one two three four",
    ]
    assert len(windows([text], 99)) == 6
