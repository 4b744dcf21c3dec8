"""The examples of docs/toolchains.md and docs/pages.md: toolchains in fences, and what the text behind them says that
they give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

PAGE = Path(__file__).parents[1] / "docs" / "toolchains.md"
PAGES = PAGE.with_name("pages.md")
_FENCE = re.compile(
    r"^```json\n(?P<toolchain>.*?)^```$"
    r"(?:\n\n[^`\n]*[Gg]iven `(?P<given>[^`\n]*)`"
    r"(?:\sand the answer `(?P<answer>[^`\n]*)`)?"
    r"\sit gives `(?P<gives>[^`\n]*)`)?",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Example:
    """A toolchain; `gives` is its output for the input `given`, after `answer` was given to its pause."""

    toolchain: dict[str, Any]
    given: dict[str, Any] | None
    answer: Any
    gives: dict[str, Any] | None


def examples(page: Path = PAGE) -> list[Example]:
    """All of a page, in their order."""
    return [
        Example(
            orjson.loads(found["toolchain"]),
            *(None if found[part] is None else orjson.loads(found[part]) for part in ("given", "answer", "gives")),
        )
        for found in _FENCE.finditer(page.read_text())
    ]
