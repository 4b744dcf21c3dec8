"""A file by its URL: redirects checked one by one, and the name that the server gives it."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import aiohttp
from yarl import URL

from inference.errors import InvalidInput, UpstreamFailed
from inference.functions.reading import with_charset
from inference.functions.web.answer import unpacked
from inference.functions.web.guard import Allowance, check_address, guarded_session, read_url

MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))

_SHOWN_CHARACTERS = 300
# RFC 6266: `filename*` (RFC 5987) comes before `filename`.
_EXTENDED = re.compile(r"""filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)""", re.IGNORECASE)
_PLAIN = re.compile(r"""filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on its way. `origin`: what the server says by which it can be asked later whether it has changed. `parts`
    is None when the server says that it has not."""

    name: str
    content_type: str
    origin: dict[str, Any]
    parts: AsyncIterator[bytes] | None


@asynccontextmanager
async def fetching(url: str, allowance: Allowance, most: int, known: dict[str, Any]) -> AsyncGenerator[Fetched]:
    """The file at a URL, at most about `most` bytes of it, unless it is as it was when its server told `known`.

    Raises InvalidInput for what is no URL, ForbiddenAddress, LimitReached, and UpstreamFailed when the server cannot be
    reached or answers with an error.
    """
    asked = read_url(url)
    headers = _conditions(known)
    try:
        for _ in range(MOST_REDIRECTS + 1):
            check_address(asked, allowance)
            async with guarded_session(allowance).get(asked, headers=headers, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or not location:
                    yield _fetched(response, most, known)
                    return
                response.close()
            asked = _redirected(asked, location)
        raise UpstreamFailed(f"{asked.host} redirects more than {MOST_REDIRECTS} times.", field="url")
    except aiohttp.InvalidURL as error:
        raise InvalidInput(f"`url` is not a web address: {error}.", field="url") from None
    except aiohttp.ClientConnectorDNSError:
        raise UpstreamFailed(f"There is no host {asked.host!r} that can be found.", field="url") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        told = (str(error) or type(error).__name__)[:_SHOWN_CHARACTERS]
        raise UpstreamFailed(f"{asked.host} did not answer: {told}.", field="url") from None


def _conditions(known: dict[str, Any]) -> dict[str, str]:
    asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
    return {name: value for name, value in asked.items() if isinstance(value, str)}


def _redirected(asked: URL, location: str) -> URL:
    try:
        return read_url(str(asked.join(URL(location))))
    except (ValueError, InvalidInput) as error:
        raise UpstreamFailed(f"{asked.host} redirects to what cannot be asked: {error}", field="url") from None


def _fetched(response: aiohttp.ClientResponse, most: int, known: dict[str, Any]) -> Fetched:
    if response.status == 304 and known:
        return Fetched("", "", known, None)
    if response.status != 200:
        raise UpstreamFailed(f"{response.url.host} answered {response.status} instead of a file.", field="url")
    origin = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
    return Fetched(
        file_name(response.url, response.headers.get("Content-Disposition", ""), response.content_type),
        with_charset(response.content_type, response.headers.get("Content-Type", "")),
        {name: value[:1000] for name, value in origin.items() if value},
        unpacked(response, most),
    )


async def one_part(data: bytes) -> AsyncIterator[bytes]:
    """Bytes that are there already, as a stream."""
    yield data


def file_name(url: URL, disposition: str, content_type: str) -> str:
    """What a file is called: as its server says, else as the URL's path ends. A name without an ending takes that of
    its content type, by which readers know it."""
    name = _disposed(disposition) or PurePosixPath(url.path).name or url.host or "document"
    if mimetypes.guess_type(name)[0] is None:
        name += mimetypes.guess_extension(content_type) or ""
    return name


def _disposed(disposition: str) -> str | None:
    if extended := _EXTENDED.search(disposition):
        try:
            return unquote(extended[2], encoding=extended[1], errors="replace")
        except LookupError:
            pass
    if plain := _PLAIN.search(disposition):
        return re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] is not None else plain[2]
    return None
