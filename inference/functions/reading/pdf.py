"""PDFs: their text layer, and what can be recognised on pages that have none or next to none."""

from __future__ import annotations

import re

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import ReadDocument, clean, one_line
from inference.functions.reading.pages import PasswordNeeded, Pdf, PdfiumError, RawPage, compose
from inference.functions.reading.recognition import Recogniser, notes_of
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_LITTLE, _SOME = 16, 250
"""Letters and digits of a page's text layer: fewer than the first are too little where anything is drawn, fewer than
the second where pictures cover half the page, as they do on a scan with a stamp or a header in the text layer."""
_COVERED = 0.5
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNKNOWN = 0.3
"""Of a page's characters: more without a meaning, and its fonts do not say which letters their shapes are."""
_NO_TITLE = re.compile(
    r"untitled|\(anonymous\)|\(unspecified\)|microsoft word|\.(?:docx?|dotx?|pdf|tex|indd|qxd|pptx?)\s*$|^\W*$", re.I
)


def read(task: Task) -> ReadDocument:
    """Reads a PDF. A page that is broken is empty; a PDF without any text, drawn or written, is refused."""
    recogniser = Recogniser(task)
    try:
        with Pdf(task.data) as pdf:
            raw = _raw_pages(pdf, task, recogniser)
            title = one_line(clean(pdf.title()))
    except PasswordNeeded:
        raise UnreadableDocument(
            f"{quoted(task.name)} is protected by a password. Save it without one and upload it again."
        ) from None
    except PdfiumError as error:
        raise UnreadableDocument(
            f"{quoted(task.name)} is a damaged PDF: it cannot be opened. Save or download it anew."
        ) from error
    if not any(page.lines for page in raw):
        raise UnreadableDocument(
            f"{quoted(task.name)} has no text layer, and no text could be recognised on its pages. Scan it anew, "
            "upright and at 200 dots an inch or more."
        )
    pages = compose(raw)
    first = next((block.title for page in pages for block in page.blocks if block.title), "")
    title = (title if not _NO_TITLE.search(title) else "") or first
    return ReadDocument("pdf", title or None, pages, notes_of(raw, "page"))


def _raw_pages(pdf: Pdf, task: Task, recogniser: Recogniser) -> list[RawPage]:
    limits = task.limits
    if len(pdf) > limits.max_pages:
        raise TooLarge(
            f"{quoted(task.name)} has {len(pdf):,} pages; at most {limits.max_pages:,} are taken. Split it into "
            "smaller files."
        )
    pages: list[RawPage] = []
    characters = 0
    for index in range(len(pdf)):
        page = pdf.page(index)
        if _is_drawn(pdf, index, page) and (picture := pdf.picture(index, limits.max_pixels)) is not None:
            seen = recogniser.page(picture, *page.shown)
            page = seen if _letters(seen) > _letters(page) else page
        pages.append(page)
        characters += sum(len(line.text) for line in page.lines)
        if characters > limits.max_characters:
            raise TooLarge(
                f"{quoted(task.name)} has more than {limits.max_characters:,} characters of text. Split it into "
                "smaller files."
            )
        task.on_page(index + 1, len(pdf))
    return pages


def _is_drawn(pdf: Pdf, index: int, page: RawPage) -> bool:
    """Whether a page shows text, by all appearance, that its text layer does not have."""
    text = "".join(line.text for line in page.lines)
    if len(text) >= 2 * _SOME or _letters(page) >= _SOME:
        return len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text)
    letters = _letters(page)
    drawing = pdf.drawing(index)
    return drawing.covered >= _COVERED or (letters < _LITTLE and drawing.is_there)


def _letters(page: RawPage) -> int:
    """Letters and digits, those without a meaning left out."""
    return sum(map(str.isalnum, "".join(line.text for line in page.lines)))
