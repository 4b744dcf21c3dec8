"""Reading each content once: what was read of it is kept beside it, under the version of the readers."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath

from pydantic import TypeAdapter, ValidationError

from db import DocumentWork, content_key, parsed_prefix
from inference.functions.context import Context
from inference.functions.reading import READER_VERSION, ReadDocument, is_archive, read_isolated

_document = TypeAdapter(ReadDocument)
# The next step of the same run mostly comes within a second; it need not read again what is still here.
_RECENT_CHARACTERS = 1_000_000
_recent: OrderedDict[str, ReadDocument] = OrderedDict()
# How archives are called, and files of which the name tells nothing.
_ARCHIVES = frozenset((".zip", ".tar", ".tgz", ".gz", ".tbz2", ".bz2", ".txz", ".xz", ".bin", ""))


async def read_content(ctx: Context, work: DocumentWork, told: Callable[[float], Awaitable[None]]) -> ReadDocument:
    """A content's pages: as they were read before, or read now. `told` is called with the part that is done, for every
    page. Raises UnreadableDocument, TooLarge, and NotFound when the bytes are gone."""
    key = _key(work)
    if (recent := _recent.pop(key, None)) is not None:
        return recent
    kept = await ctx.objects.find(key)
    if kept is not None:
        try:
            return await asyncio.to_thread(_document.validate_json, kept)
        except ValidationError:
            # A write that was cut short: it is read anew.
            pass
    document = await _read(await ctx.objects.get(content_key(work.sha256)), work, told)
    await ctx.objects.put(key, await asyncio.to_thread(_document.dump_json, document))
    # A deletion of this content that came before did not see what was written. One that comes now does.
    if await ctx.storage.documents.still_used([work.sha256]):
        _remember(key, document)
    else:
        await ctx.objects.delete(key)
    return document


async def holds_archive(ctx: Context, work: DocumentWork) -> bool:
    """Whether a content is an archive, whose members are to become documents. One that is called a document is none:
    its reader says what is wrong. Raises NotFound when there are no bytes."""
    if PurePosixPath(work.name).suffix.lower() not in _ARCHIVES:
        return False
    if await ctx.objects.find(_key(work)) is not None:
        return False
    return await asyncio.to_thread(is_archive, await ctx.objects.get(content_key(work.sha256)))


async def _read(data: bytes, work: DocumentWork, told: Callable[[float], Awaitable[None]]) -> ReadDocument:
    pages: asyncio.Queue[float | None] = asyncio.Queue()

    def on_page(done: int, total: int) -> None:
        pages.put_nowait(done / max(total, 1))

    reading = asyncio.ensure_future(read_isolated(data, work.name, work.content_type, on_page))
    reading.add_done_callback(lambda _: pages.put_nowait(None))
    try:
        while (part := await pages.get()) is not None:
            await told(part)
        return await reading
    finally:
        reading.cancel()


def _remember(key: str, document: ReadDocument) -> None:
    _recent[key] = document
    while sum(len(page.text) for kept in _recent.values() for page in kept.pages) > _RECENT_CHARACTERS:
        _recent.popitem(last=False)


def _key(work: DocumentWork) -> str:
    """What a reader makes of bytes depends on the name's ending and the content type too."""
    named = f"{PurePosixPath(work.name).suffix.lower()} {work.content_type}"
    return f"{parsed_prefix(work.sha256)}{READER_VERSION}-{hashlib.sha256(named.encode()).hexdigest()[:16]}.json"
