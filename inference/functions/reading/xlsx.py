"""Workbooks (XLSX, XLSM, XLSB and the XLS of before 2007): a page for each sheet, a line for each row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, table_row
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.sparse import moved_together
from inference.functions.reading.task import Task
from inference.functions.reading.unpacking import stored, unpack

_Value = int | float | str | bool | time | date | datetime | timedelta
_BINARY = "xl/workbook.bin"
_SHEETS = "xl/worksheets/"


def read(task: Task) -> ReadDocument:
    """Reads the values of the sheets, each under its name; empty rows part the tables of a sheet.

    A workbook with more text than the limits allow is refused, not cut.
    """
    data = BytesIO(task.data)
    if task.data.startswith(b"PK"):
        parts = unpack(task, "a workbook")
        if _BINARY not in parts:  # of an XLSB, the sheets are no text
            data = stored(
                {
                    name: moved_together(part, task.name) if name.startswith(_SHEETS) else part
                    for name, part in parts.items()
                }
            )
            data.seek(0)
    pages: list[Page] = []
    characters = 0
    try:
        with CalamineWorkbook.from_filelike(data) as book:
            for number, name in enumerate(book.sheet_names, 1):
                writer = PageWriter()
                writer.add("heading", clean(name).strip(), level=1)
                rows: list[str] = []
                for row in _rows(book, name):
                    if row:
                        rows.append(row)
                        characters += len(row) + 1
                        if characters > task.limits.max_characters:
                            raise _too_much(task, name)
                    elif rows:
                        writer.add("table", "\n".join(rows))
                        rows = []
                writer.add("table", "\n".join(rows))
                pages.append(writer.page(number))
                task.on_page(number, len(book.sheet_names))
    except CalamineError as error:
        locked = "password" in str(error).lower()
        raise UnreadableDocument(
            f"{quoted(task.name)} is protected by a password. Save it without one."
            if locked
            else f"{quoted(task.name)} is a damaged workbook ({str(error)[:120]}). Open it and save it anew."
        ) from error
    if not any(block.kind == "table" for page in pages for block in page.blocks):
        raise UnreadableDocument(f"{quoted(task.name)} is a workbook whose sheets are all empty.")
    return ReadDocument("xlsx", None, pages)


def _rows(book: CalamineWorkbook, name: str) -> Iterator[str]:
    for values in book.get_sheet_by_name(name).iter_rows():
        cells = [clean(_shown(value)) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        yield table_row(cells)


def _shown(value: _Value) -> str:
    """A value as a sheet shows it by default."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.isoformat(" ", "minutes").removesuffix(" 00:00")
        case _:
            return str(value)


def _too_much(task: Task, sheet: str) -> TooLarge:
    return TooLarge(
        f"{quoted(task.name)} holds more than {task.limits.max_characters:,} characters of values (reached in the "
        f"sheet {sheet[:60]!r}). Split it into smaller files, or leave out sheets that nobody searches."
    )
