"""Comma- and tab-separated values: one table, its first row the head, on pages of a thousand rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

from inference.errors import UnreadableDocument
from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, table_row
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_DELIMITERS = ",;\t|"
_PROBED = 20
"""Lines that are looked at to tell what parts the values."""
_ROWS = 1000
"""Of a page: for whoever looks at one, and to be fetched at once."""
_LONGEST_VALUE = 1_000_000


def read(task: Task) -> ReadDocument:
    """Reads the rows. What parts the values is told from the first lines: the sign that most of them have as often."""
    decoded = decode(task.data, charset_of(task.content_type))
    csv.field_size_limit(_LONGEST_VALUE)
    pages: list[Page] = []
    rows: list[str] = []
    try:
        for row in _rows(decoded.text):
            rows.append(row)
            if len(rows) == _ROWS:
                pages.append(_page(rows, len(pages) + 1))
                rows = []
                task.on_page(len(pages), len(pages) + 1)
    except csv.Error as error:
        raise UnreadableDocument(
            f"{quoted(task.name)} is no table of values ({error}). Save it anew as CSV, or name it as text."
        ) from error
    if rows or not pages:
        pages.append(_page(rows, len(pages) + 1))
    task.on_page(len(pages), len(pages))
    return ReadDocument("csv", None, pages, decoded.notes)


def _rows(text: str) -> Iterator[str]:
    # Lines keep their ends: those within quotes belong to a value.
    for values in csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text)):
        while values and not values[-1].strip():
            values.pop()
        row = table_row([clean(value) for value in values])
        if row:
            yield row


def _delimiter(text: str) -> str:
    lines = [line for line in text[:65536].splitlines()[:_PROBED] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = Counter(line.count(delimiter) for line in lines)
        del counts[0]
        often, lines_of_it = counts.most_common(1)[0] if counts else (0, 0)
        return lines_of_it, often

    return max(_DELIMITERS, key=score)


def _page(rows: list[str], number: int) -> Page:
    writer = PageWriter()
    writer.add("table", "\n".join(rows), continues=number > 1)
    return writer.page(number)
