"""What a web server answered: unpacked within a limit, and read as JSON or text."""

from __future__ import annotations

import asyncio
import codecs
import re
import zlib
from collections.abc import AsyncIterator
from typing import Any, Literal

import aiohttp
import orjson

from inference.errors import LimitReached, UpstreamFailed

_STEP = 1024 * 1024
# A packed body is no longer than the plain one, save for headers; one that is gives nothing but work.
_PACKING = 64 * 1024
_GZIP = 31

_JSON = re.compile(r"(application|text)/([\w.+-]+\+)?json", re.IGNORECASE)
# The encodings that texts are written in. Python's other codecs compute, and for as long as the server likes.
_ENCODINGS = re.compile(r"utf-(8|16|32)\S*|ascii|iso8859-\d+|cp\d+|koi8-\w|shift_jis\w*|euc_\w+|gb\w+|big5\w*")


async def read_bytes(response: aiohttp.ClientResponse, most: int, *, cut: bool = False) -> bytes:
    """The body, unpacked: at most so many bytes, the rest left unread with `cut`. Raises LimitReached and
    UpstreamFailed."""
    body = bytearray()
    async for part in unpacked(response, most):
        body += part
        if len(body) > most:
            if cut:
                break
            raise _too_long(response, most)
    return bytes(body[:most])


async def unpacked(response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
    """The body a step at a time, so that a little can never become very much before anybody looks. Raises LimitReached
    when it comes packed and is longer than `most` bytes even so, and UpstreamFailed for one that is damaged."""
    most_packed = most + _PACKING
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise UpstreamFailed(f"{response.url.host} packed its answer as {encoding[:40]!r}, which was not asked for.")
    packed, unzip, begun = 0, zlib.decompressobj(_GZIP), False
    async for chunk in response.content.iter_any():
        if encoding in ("", "identity"):
            yield chunk
            continue
        packed += len(chunk)
        if packed > most_packed:
            raise _too_long(response, most_packed - _PACKING)
        part = b""
        while chunk or len(part) == _STEP:
            if unzip.eof:
                unzip = zlib.decompressobj(_GZIP)
            begun = True
            try:
                part = unzip.decompress(chunk, _STEP)
            except zlib.error:
                raise UpstreamFailed(f"{response.url.host} sent a body that is not gzip, as it says.") from None
            yield part
            await asyncio.sleep(0)
            chunk = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
    if begun and not unzip.eof:
        raise UpstreamFailed(f"{response.url.host} stopped in the middle of its answer.")


def _too_long(response: aiohttp.ClientResponse, most: int) -> LimitReached:
    return LimitReached(
        f"{response.url.host} answered with more than {most:,} bytes. Ask for less, or raise `max_bytes`.",
        field="max_bytes",
    )


def read_body(response: aiohttp.ClientResponse, body: bytes, expect: Literal["auto", "json", "text"]) -> Any:
    """The body as JSON or text; None for one without content where JSON is due. Raises UpstreamFailed."""
    is_json = expect == "json" or (expect == "auto" and _JSON.fullmatch(response.content_type) is not None)
    if is_json:
        return _json(response, body)
    if expect == "auto" and not response.content_type.startswith("text/") and not response.charset:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise UpstreamFailed(
                f"{response.url.host} answered with {response.content_type}, which is neither text nor JSON."
            )
        return text
    return as_text(response, body)


def as_text(response: aiohttp.ClientResponse, body: bytes) -> str:
    """The body in the encoding that it says, or UTF-8; what cannot be read is U+FFFD."""
    try:
        encoding = codecs.lookup(response.charset or "utf-8").name
    except (LookupError, ValueError):
        encoding = "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        encoding = "utf-8"
    return body.decode(encoding, "replace").removeprefix("\ufeff").replace("\0", "\ufffd")


def _json(response: aiohttp.ClientResponse, body: bytes) -> Any:
    if not body.strip():
        return None
    utf8 = (response.charset or "utf-8").lower() in ("utf-8", "utf8")
    try:
        return orjson.loads(body.removeprefix(codecs.BOM_UTF8) if utf8 else as_text(response, body))
    except orjson.JSONDecodeError as error:
        raise UpstreamFailed(
            f"{response.url.host} answered with what is not JSON ({error}): {as_text(response, body[:300])}"
        ) from None
