"""Office packages without their dangers: what may be unpacked, and how far."""

from __future__ import annotations

import io
import zipfile
import zlib

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.limits import Limits
from inference.functions.reading.sniffing import quoted

_RATIO_FROM = 8 * 1024 * 1024
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def unpack(data: bytes, name: str, limits: Limits) -> io.BytesIO:
    """The package again, unpacked within the limits and stored as it is; what is not XML in it is left empty.

    A directory that lies about sizes cannot help: no part is inflated further than the directory claims, and who reads
    the result finds nothing left to inflate.

    Raises:
        UnreadableDocument: the zip is broken or encrypted, or an XML part declares a document type (which ISO/IEC
            29500-2 forbids, and which entities that multiply are made with).
        TooLarge: it unpacks to more than the limits allow, or holds too many parts.
    """
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
            parts = source.infolist()
            if len(parts) > limits.max_parts:
                raise TooLarge(f"{quoted(name)} holds {len(parts):,} parts; at most {limits.max_parts:,} are taken.")
            claimed = sum(part.file_size for part in parts if _is_text(part))
            if claimed > limits.max_unpacked_bytes or _is_bomb(claimed, len(data), limits):
                raise _too_much(name, limits)
            for part in {part.filename: part for part in parts}.values():
                target.writestr(part.filename, _inflate(source, part, name) if _is_text(part) else b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        # RuntimeError: encrypted; NotImplementedError: a compression that nothing which writes DOCX uses.
        raise UnreadableDocument(
            f"{quoted(name)} is a damaged Word document: its package cannot be unpacked ({error})."
        ) from error
    return out


def _inflate(source: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bytes:
    with source.open(part) as stream:
        # Only a read of a given size bounds what is inflated; one without inflates all there is, then cuts it.
        content = stream.read(part.file_size)
    if any(mark in content for mark in _DOCTYPES):
        raise UnreadableDocument(
            f"{quoted(name)} declares a document type in {part.filename[:80]!r}, which Word documents must not: "
            "it is not read."
        )
    return content


def _is_text(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _is_bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > _RATIO_FROM and unpacked > packed * limits.max_unpacking_ratio


def _too_much(name: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{quoted(name)} unpacks to far more than it should: at most {limits.max_unpacked_bytes // 2**20} MB of "
        f"text parts, and {limits.max_unpacking_ratio} times the file's own size, are taken."
    )
