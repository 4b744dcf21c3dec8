"""Packages (office files, EPUB) without their dangers: what may be unpacked, and how far."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_RATIO_FROM = 8 * 1024 * 1024
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_XML = (".xml", ".rels")
_PAGES = (".xhtml", ".html", ".htm")
_BOOK = (".opf", ".ncx")


def unpack(task: Task, what: str) -> dict[str, bytes]:
    """The parts of a package by name; those that are no text are empty.

    A directory that lies about sizes cannot help: no part is inflated further than the directory claims. `what` the
    package is stands in messages.

    Raises:
        UnreadableDocument: the zip is broken or encrypted, or an XML part declares a document type (which ISO/IEC
            29500-2 forbids, and which entities that multiply are made with).
        TooLarge: it unpacks to more than the limits allow, or holds too many parts.
    """
    limits = task.limits
    try:
        with zipfile.ZipFile(io.BytesIO(task.data)) as source:
            parts = source.infolist()
            if len(parts) > limits.max_parts:
                raise TooLarge(
                    f"{quoted(task.name)} holds {len(parts):,} parts; at most {limits.max_parts:,} are taken."
                )
            claimed = sum(part.file_size for part in parts if _is_text(part))
            if claimed > limits.max_unpacked_bytes or _is_bomb(claimed, task):
                raise _too_much(task)
            return {
                part.filename: _inflate(source, part, task, what) if _is_text(part) else b""
                for part in {part.filename: part for part in parts}.values()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        # RuntimeError: encrypted; NotImplementedError: a compression that nothing which writes such packages uses.
        raise UnreadableDocument(
            f"{quoted(task.name)} is {what} that is damaged: its package cannot be unpacked ({error})."
        ) from error


def stored(parts: Mapping[str, bytes]) -> io.BytesIO:
    """The parts as a package in which nothing is left to inflate."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out


def _inflate(source: zipfile.ZipFile, part: zipfile.ZipInfo, task: Task, what: str) -> bytes:
    with source.open(part) as stream:
        # Only a read of a given size bounds what is inflated; one without inflates all there is, then cuts it.
        content = stream.read(part.file_size)
    if not part.filename.lower().endswith((*_PAGES, *_BOOK)) and any(mark in content for mark in _DOCTYPES):
        raise UnreadableDocument(
            f"{quoted(task.name)} declares a document type in {part.filename[:80]!r}, which {what} must not: it is not "
            "read."
        )
    return content


def _is_text(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((*_XML, *_PAGES, *_BOOK))


def _is_bomb(unpacked: int, task: Task) -> bool:
    return unpacked > _RATIO_FROM and unpacked > len(task.data) * task.limits.max_unpacking_ratio


def _too_much(task: Task) -> TooLarge:
    return TooLarge(
        f"{quoted(task.name)} unpacks to far more than it should: at most {task.limits.max_unpacked_bytes // 2**20} MB "
        f"of text parts, and {task.limits.max_unpacking_ratio} times the file's own size, are taken."
    )
