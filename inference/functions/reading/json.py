"""JSON and JSON Lines: a line for each value, under the path of keys that leads to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isinf
from typing import cast

from inference.errors import UnreadableDocument
from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, one_line, table_row
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_RECORDS = 500
"""Of a page, when the file is a list of many."""
_SCALARS = (str, int, float, bool, type(None))
_MAX_COLUMNS = 40
_MOST_DIGITS = 4000
"""Of a whole number. Python makes none of one of more than 4300 digits, which takes time by their square."""


def read(task: Task) -> ReadDocument:
    """Reads the values. A list of flat objects of the same keys is a table; any other value that the outermost list
    or object holds is a block of lines `key.key[0]: value`, in which an empty list or object is a value.

    Raises UnreadableDocument for what is neither JSON nor a line of it for each line.
    """
    decoded = decode(task.data, charset_of(task.content_type))
    records, keyed = _records(decoded.text, task)
    pages: list[Page] = []
    titled = ""
    for start in range(0, max(len(records), 1), _RECORDS):
        part = records[start : start + _RECORDS]
        writer = PageWriter()
        table = None if keyed else _table([value for _, value in part])
        if table:
            writer.add("table", "\n".join(table), continues=False)
        else:
            for path, value in part:
                writer.add("code", "\n".join(_lines(path, value)))
        pages.append(writer.page(len(pages) + 1))
        task.on_page(len(pages), -(-len(records) // _RECORDS))
    if keyed:
        titled = next((one_line(clean(value)) for path, value in records if path in ("title", "name")
                       and isinstance(value, str)), "")  # fmt: skip
    return ReadDocument("json", titled or None, pages, decoded.notes)


def _records(text: str, task: Task) -> tuple[list[tuple[str, object]], bool]:
    """Paths and values of what the outermost list or object holds, and whether it is an object."""
    try:
        whole = json.loads(text, parse_int=_whole, parse_float=_real)
    except ValueError as error:
        return [("", value) for value in _by_line(text, task, error)], False
    except RecursionError:
        raise UnreadableDocument(f"{quoted(task.name)} is JSON that is nested too deep to be read.") from None
    if isinstance(whole, dict):
        return [(clean(key), value) for key, value in cast("dict[str, object]", whole).items()], True
    if isinstance(whole, list):
        return [("", value) for value in cast("list[object]", whole)], False
    return [("", whole)], False


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _real(digits: str) -> float | str:
    """A number with a fraction or an exponent; as it is written when it is too large for a float."""
    number = float(digits)
    return digits if isinf(number) else number


def _by_line(text: str, task: Task, whole: ValueError) -> Iterator[object]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line, parse_int=_whole, parse_float=_real)
        except (ValueError, RecursionError):
            raise UnreadableDocument(
                f"{quoted(task.name)} is neither JSON ({str(whole)[:120]}) nor JSON Lines (line {number} is none). "
                "Mend it, or name it as text."
            ) from None


def _table(values: list[object]) -> list[str] | None:
    """Rows under their keys, when the values are flat objects with the same keys."""
    if len(values) < 2 or not all(isinstance(value, dict) for value in values):
        return None
    objects = cast("list[dict[str, object]]", values)
    keys = list(objects[0])
    if not 1 < len(keys) <= _MAX_COLUMNS or any(list(one) != keys for one in objects):
        return None
    if not all(isinstance(value, _SCALARS) for one in objects for value in one.values()):
        return None
    rows = [table_row([clean(key) for key in keys])]
    rows += [table_row([clean(_shown(value)) for value in one.values()]) for one in objects]
    return [row for row in rows if row]


def _lines(path: str, value: object) -> Iterator[str]:
    stack: list[tuple[str, object]] = [(path, value)]
    while stack:
        at, node = stack.pop()
        if isinstance(node, dict) and node:
            inner = cast("dict[str, object]", node)
            stack += [(f"{at}.{clean(key)}" if at else clean(key), inner[key]) for key in reversed(inner)]
        elif isinstance(node, list) and node:
            several = cast("list[object]", node)
            stack += [(f"{at}[{index}]", several[index]) for index in range(len(several) - 1, -1, -1)]
        else:
            shown = clean(_shown(cast("object", node))).strip()
            if shown and (at or isinstance(node, _SCALARS)):
                yield f"{at}: {shown}" if at else shown


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
