"""Reading in this process: sniff, read, check against the limits."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.document import OnPage, ReadDocument
from inference.functions.reading.limits import DEFAULT_LIMITS, Limits
from inference.functions.reading.sniffing import quoted, sniff
from inference.functions.reading.task import Task, unheard

READER_VERSION = 5
"""To be raised with every change after which some file reads to other text, blocks, lines or notes than before."""


class ReaderFailed(UnreadableDocument):
    """A reader met what it was not made for; its cause is what the parser raised."""


def read_document(
    data: bytes,
    name: str,
    content_type: str | None = None,
    on_page: OnPage | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadDocument:
    """Reads a file's bytes into pages of text.

    `name` is for messages and for telling one kind of text from another; `on_page` hears of the progress. Of
    `limits`, only those that count what is in the document hold here: time and memory are the operating system's to
    limit (`read_isolated`).

    Raises:
        UnreadableDocument: empty, broken, protected, of a kind that is not taken, or without any text.
        TooLarge: more pages, text or unpacked data than the limits allow.
    """
    return read(Task(data, name, content_type, on_page or unheard, limits=limits))


def read(task: Task) -> ReadDocument:
    """Reads what the task says; `read_document` tells the rest. Readers of files that hold others call it for these."""
    kind = sniff(task.data, task.name, task.content_type)
    # A reader is loaded when its kind is first read: no process pays for parsers that it does not use.
    reader = cast("Callable[[Task], ReadDocument]", import_module(f"inference.functions.reading.{kind}").read)
    try:
        document = reader(task)
    except (UnreadableDocument, TooLarge, MemoryError):
        raise
    except Exception as error:  # whatever a parser raises about a file that it was not made for
        raise ReaderFailed(
            f"{quoted(task.name)} could not be read ({type(error).__name__}): it is damaged, or made in a way not "
            "known here. Save it anew, or as another kind of file."
        ) from error
    if not document.has_text:
        raise UnreadableDocument(f"{quoted(task.name)} holds no text.")
    _check(document, task.name, task.limits)
    return document


def _check(document: ReadDocument, name: str, limits: Limits) -> None:
    for what, there, most in (
        ("pages", len(document.pages), limits.max_pages),
        ("characters of text", sum(len(page.text) for page in document.pages), limits.max_characters),
        ("paragraphs", sum(len(page.blocks) for page in document.pages), limits.max_blocks),
    ):
        if there > most:
            raise TooLarge(
                f"{quoted(name)} has {there:,} {what}; at most {most:,} are taken. Split it into smaller files."
            )
