"""What `penstock ingest` shows: a bar with the files at work in a terminal, lines in a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from typing import TextIO
from unicodedata import east_asian_width

from inference.cli.folder import visible

_BAR_CELLS = 30
_SHOWN_FILES = 6


@dataclass
class Tally:
    """How many files there are, and what became of them."""

    total: int = 0
    looked_at: int = 0
    unchanged: int = 0
    done: int = 0
    failed: int = 0

    @property
    def ended(self) -> int:
        return self.unchanged + self.done + self.failed


@dataclass
class Display:
    """Lines for what has ended, and in a terminal a bar below them, which `show` draws anew."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    _drawn: int = 0

    @property
    def is_terminal(self) -> bool:
        return self.out.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def line(self, text: str) -> None:
        """Says something that stays, line by line without what would steer the terminal."""
        self._clear()
        self._write("\n".join(map(visible, text.split("\n"))) + "\n")
        self.out.flush()

    def show(self, tally: Tally, at_work: list[tuple[str, str, float]]) -> None:
        """Draws the bar. `at_work`: (file, stage, part that is done) of those at work."""
        if not self.is_terminal:
            return
        width = shutil.get_terminal_size().columns - 1
        filled = round(_BAR_CELLS * tally.ended / max(1, tally.total))
        failed = f", {tally.failed} failed" if tally.failed else ""
        head = f"[{'#' * filled}{'.' * (_BAR_CELLS - filled)}] {tally.ended}/{tally.total} files{failed}"
        lines = [head, *(f"  {stage:<10} {part:>4.0%}  {name}" for name, stage, part in at_work[:_SHOWN_FILES])]
        if len(at_work) > _SHOWN_FILES:
            lines.append(f"  and {len(at_work) - _SHOWN_FILES} more")
        self._clear()
        self._write("".join(f"{_cut(line, width)}\n" for line in lines))
        self.out.flush()
        self._drawn = len(lines)

    def end(self) -> None:
        """Takes the bar away."""
        self._clear()
        self.out.flush()

    def _write(self, text: str) -> None:
        # Names and problems may have what the output's encoding has not.
        encoding = self.out.encoding or "utf-8"
        self.out.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def _clear(self) -> None:
        if self._drawn:
            # Up to the bar's first line, and everything below the cursor away (ECMA-48: CPL, ED).
            self.out.write(f"\x1b[{self._drawn}F\x1b[J")
            self._drawn = 0


def _cut(line: str, cells: int) -> str:
    """As much of a line as fits into so many cells of a terminal. One that wraps would be taken away in part only."""
    for place, char in enumerate(line):
        cells -= 2 if east_asian_width(char) in "WF" else 1
        if cells < 0:
            return line[:place]
    return line
