"""The bar of `penstock ingest`."""

from __future__ import annotations

from io import StringIO

import pytest

from inference.cli.display import Display, Tally


class Terminal(StringIO):
    """Somewhere to draw to."""

    def isatty(self) -> bool:
        return True


def test_no_line_of_the_bar_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    out = Terminal()
    Display(out).show(Tally(total=2), [("文書" * 30, "embedding", 0.5), ("a" * 90, "parsing", 0.1)])
    _, wide, narrow = out.getvalue().splitlines()
    assert wide == f"  embedding   50%  {'文書' * 5}"
    assert narrow == f"  parsing     10%  {'a' * 20}"
