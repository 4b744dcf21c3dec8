"""PDF files of made-up text, for the environment that has reportlab. Nothing else but the standard library.

usage: python pdfs.py FOLDER FILES PAGES WORDS
"""

from __future__ import annotations

import itertools
import random
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_SEED = 7
_SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "za", "kle", "bri", "ston",
    "ter", "ing",
)  # fmt: skip


def main() -> None:
    """Writes the files: pages of headings and paragraphs, words with Zipf's frequencies."""
    styles: Any = import_module("reportlab.lib.styles").getSampleStyleSheet()
    platypus: Any = import_module("reportlab.platypus")
    folder, files, pages, words = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(_SEED)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    for number in range(files):
        story: list[Any] = []
        for _ in range(pages):
            story.append(platypus.Paragraph(_sentence(chance, vocabulary, weights, 5), styles["Heading2"]))
            for _ in range(words // 60):
                text = " ".join(_sentence(chance, vocabulary, weights, 15) for _ in range(4))
                story.append(platypus.Paragraph(text, styles["BodyText"]))
            story.append(platypus.PageBreak())
        platypus.SimpleDocTemplate(str(folder / f"{number:04d}.pdf"), invariant=1).build(story)


def _sentence(chance: random.Random, vocabulary: list[str], weights: list[float], length: int) -> str:
    return " ".join(chance.choices(vocabulary, cum_weights=weights, k=length)).capitalize() + "."


if __name__ == "__main__":
    main()
