"""What the fork server reads before it forks anything: a page of its own making.

Parsers and the interpreter set themselves up when they first run, and so would every process that is forked, each for
itself: it took four of the 27 milliseconds of CPU time of reading twenty pages.
"""

from __future__ import annotations

from inference.functions.reading import wire
from inference.functions.reading.reader import read
from inference.functions.reading.task import Task

_LINES = 12
_TIMES = 16
"""The interpreter rewrites a function for the types that it meets when it has run eight times (PEP 659)."""


def warm_up() -> None:
    """Reads a PDF as the processes will."""
    for _ in range(_TIMES):
        wire.documents.dump_json(read(Task(sample(), "sample.pdf", "application/pdf")))


def sample() -> bytes:
    """A PDF of one page, without the table of its objects: PDFium finds them all the same."""
    text = "".join(f"(These are some of the words of line {number}.) Tj T* " for number in range(_LINES))
    content = f"BT /F 12 Tf 14 TL 72 720 Td {text}ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    numbered = "".join(f"{number} 0 obj{body}endobj\n" for number, body in enumerate(objects, 1))
    return f"%PDF-1.4\n{numbered}trailer<</Size {len(objects) + 1}/Root 1 0 R>>".encode()
