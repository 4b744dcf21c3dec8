"""Reading and expanding files in processes of their own."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from inference.functions.reading import wire
from inference.functions.reading.document import OnPage, ReadDocument
from inference.functions.reading.isolation import Nonsense, follow
from inference.functions.reading.limits import DEFAULT_ARCHIVE_LIMITS, DEFAULT_LIMITS, ArchiveLimits, Limits
from inference.functions.reading.members import Expansion, Member

OnMember = Callable[[Member, bytes], Awaitable[None]]


async def read_isolated(
    source: bytes | Path,
    name: str,
    content_type: str | None = None,
    on_page: OnPage | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadDocument:
    """Reads a file as `read_document` does, in a process that lives as long as the reading. `on_page` is called in
    this one.

    Raises:
        UnreadableDocument: also when the process crashes, is killed or runs out of time.
        TooLarge: also when it runs out of memory.
        FileNotFoundError: `source` is a path where nothing is.
    """
    recognitions = 0

    async def on_frame(kind: bytes, payload: bytes) -> float:
        nonlocal recognitions
        if kind == wire.PROGRESS:
            read, of = wire.PAGES.unpack(payload)
            if on_page:
                on_page(read, of)
            return 0.0
        if kind == wire.RECOGNITION and recognitions < limits.max_recognitions:
            recognitions += 1
            return limits.recognition_seconds
        raise Nonsense

    order = wire.ReadOrder(name[:1000], limits, content_type)
    largest = 64 * 2**20 + 16 * limits.max_characters
    return await follow(source, order, on_frame, wire.documents.validate_json, largest)


async def expand_archive_isolated(
    source: bytes | Path, name: str, on_member: OnMember, *, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS
) -> Expansion:
    """Tells the files in a zip or tar (plain, gzip, bzip2 or xz), those of archives in it too, one after the other.

    Nothing is written anywhere: `on_member` gets a file's bytes, and is awaited before the next one is unpacked. What
    cannot or must not be taken (it leads out of the archive, is a link or a device, encrypted, damaged, too large) is
    told in the result. When this raises, some members may have been told before: they are not to be used.

    Raises:
        UnreadableDocument: it is no archive, damaged, or made to do harm; the process crashed or ran out of time.
        TooLarge: it holds more files or bytes than the limits allow, or unpacks to far more than it should.
        FileNotFoundError: `source` is a path where nothing is.
    """
    member: Member | None = None
    data = bytearray()

    async def on_frame(kind: bytes, payload: bytes) -> float:
        nonlocal member
        if kind == wire.MEMBER:
            member = wire.members.validate_json(payload)
            data.clear()
            return 0.0
        if kind == wire.CHUNK and member and len(data) + len(payload) <= limits.max_member_bytes:
            data.extend(payload)
            return 0.0
        if kind == wire.MEMBER_END and member:
            begun = time.monotonic()
            await on_member(member, bytes(data))
            member = None
            data.clear()
            return time.monotonic() - begun  # what the caller takes is not the archive's time
        raise Nonsense

    order = wire.ExpandOrder(name[:1000], limits)
    return await follow(source, order, on_frame, wire.expansions.validate_json, largest=16 * 2**20)
