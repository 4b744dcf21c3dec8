"""A hub that speaks as huggingface.co does: what a model consists of, and its files.

API: https://huggingface.co/docs/hub/api: GET /api/models/{name}/revision/{revision}?blobs=true tells the commit and
the files with sizes and checksums; GET /{name}/resolve/{commit}/{path} gives a file, mostly by a redirect.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, cast

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from inference.errors import InvalidInput, NotFound, Unavailable, UpstreamFailed
from inference.runner.pulling.choosing import MAX_BYTES, HubFile, safe

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 60.0
MAX_LISTING_BYTES = 32 << 20
MAX_REDIRECTS = 5
_NAT64 = IPv6Network("64:ff9b::/96")
_REDIRECTS = (301, 302, 303, 307, 308)
_SHA256, _SHA1, _COMMIT = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9a-f]{40,64}")


class Refused(Exception):
    """The hub leads to where it must not; the text says where."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A model at one commit. Files whose names could lead elsewhere, or without size or checksum, are not in it."""

    commit: str
    files: tuple[HubFile, ...]


class Hub:
    """One hub. Belongs to the event loop that it is first used in."""

    def __init__(self, endpoint: str, token: str = "", *, offline: bool = False) -> None:
        """Raises InvalidInput for an endpoint that is no web address."""
        self._endpoint = _endpoint(endpoint)
        self._offline = offline
        # In clear the token would be anybody's; on this machine's own addresses nobody listens.
        clear = self._endpoint.scheme == "http" and not _loopback(self._endpoint)
        self._authorization = f"Bearer {token}" if token and not clear else ""
        self._session: aiohttp.ClientSession | None = None
        self._away: aiohttp.ClientSession | None = None

    async def listing(self, name: str, revision: str) -> Listing:
        """Raises NotFound, Unavailable (offline, for one), or UpstreamFailed for an answer that makes no sense."""
        if self._offline:
            raise Unavailable("This machine is set to be offline (HF_HUB_OFFLINE): nothing can be pulled.")
        path = f"api/models/{name}/revision/{revision.replace('/', '%2F')}"
        url = self._endpoint.joinpath(path, encoded=True).with_query(blobs="true")
        try:
            async with self._following(url, {}) as response:
                _check_status(response.status, name, self._endpoint)
                content = await response.content.read(MAX_LISTING_BYTES + 1)
                while not response.content.at_eof() and len(content) <= MAX_LISTING_BYTES:
                    content += await response.content.read(MAX_LISTING_BYTES + 1 - len(content))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(
                f"The hub at {self._endpoint.origin()} cannot be reached ({error or type(error).__name__}): is this "
                "machine offline? HF_ENDPOINT names another hub; models can also be put into a folder by hand."
            ) from error
        except Refused as error:
            raise UpstreamFailed(f"The hub at {self._endpoint.origin()} {error}.") from None
        if len(content) > MAX_LISTING_BYTES:
            raise UpstreamFailed(f"What the hub tells of {name} is longer than {MAX_LISTING_BYTES} bytes.")
        return _listing(content, name)

    @asynccontextmanager
    async def open(
        self, name: str, commit: str, path: str, *, start: int = 0
    ) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        """A file's bytes from `start` on: status 206, or 200 with all of it. Raises Refused, aiohttp.ClientError,
        TimeoutError or OSError."""
        url = self._endpoint.joinpath(name, "resolve", commit, *path.split("/"))
        async with self._following(url, {"Range": f"bytes={start}-"} if start else {}) as response:
            yield response

    async def close(self) -> None:
        for session in (self._session, self._away):
            if session:
                await session.close()

    @asynccontextmanager
    async def _following(self, url: URL, headers: dict[str, str]) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        """The answer at the end of its redirects."""
        for _ in range(MAX_REDIRECTS + 1):
            async with await self._get(url, headers) as response:
                if response.status not in _REDIRECTS:
                    yield response
                    return
                url = redirected(self._endpoint, url, response.headers.get("Location", ""))
        raise Refused(f"redirects more than {MAX_REDIRECTS} times")

    async def _get(self, url: URL, headers: dict[str, str]) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS)
        sent = {"Accept-Encoding": "identity", "User-Agent": "Penstock"} | headers
        if url.origin() == self._endpoint.origin():
            if self._session is None:
                self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
            if self._authorization:
                sent["Authorization"] = self._authorization
            return await self._session.get(url, headers=sent, timeout=timeout, allow_redirects=False)
        if self._away is None:
            connector = aiohttp.TCPConnector(resolver=_PublicResolver(), use_dns_cache=False)
            self._away = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return await self._away.get(url, headers=sent, timeout=timeout, allow_redirects=False)


def redirected(endpoint: URL, url: URL, location: str) -> URL:
    """Where a redirect leads: within the hub, or to https on the internet. Raises Refused."""
    try:
        target = url.join(URL(location, encoded=True)) if location else None
    except ValueError:
        target = None
    if target is None or not target.raw_host or target.user is not None or target.password is not None:
        raise Refused(f"redirects to {location[:200]!r}, which is no address")
    if target.origin() == endpoint.origin():
        return target
    if target.scheme != "https":
        raise Refused(f"redirects to {target.scheme}://{target.raw_host}, which is not https")
    _check_public(target.raw_host, target.raw_host)
    return target


class _PublicResolver(AbstractResolver):
    """Gives addresses on the internet; a name that has another one is refused as a whole."""

    def __init__(self) -> None:
        self._names = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        for result in found:
            _check_public(host, result["host"])
        return found

    async def close(self) -> None:
        await self._names.close()


def _check_public(host: str, address: str) -> None:
    """Raises Refused for an address of one's own network. What is a name is checked once it is resolved."""
    try:
        found = ip_address(address)
    except ValueError:
        return
    # IPv6 that carries an IPv4 address, of whatever network, is no way to a hub's files.
    carries = isinstance(found, IPv6Address) and (
        found.ipv4_mapped or found.sixtofour or found.teredo or found in _NAT64
    )
    if not found.is_global or found.is_multicast or carries:
        raise Refused(f"redirects to {host}, which is not on the internet")


def _endpoint(text: str) -> URL:
    try:
        url = URL(text.rstrip("/"))
    except ValueError:
        url = URL()
    if url.scheme not in ("http", "https") or not url.raw_host or url.user is not None or url.query_string:
        raise InvalidInput(f"HF_ENDPOINT must be a web address such as https://huggingface.co, not {text[:200]!r}.")
    return url


def _loopback(url: URL) -> bool:
    try:
        return ip_address(url.raw_host or "").is_loopback
    except ValueError:
        return url.raw_host == "localhost"


def _check_status(status: int, name: str, endpoint: URL) -> None:
    if status in (401, 403, 404):
        raise NotFound(
            f"There is no model {name} at {endpoint.origin()}, or none at this revision, or it is private or gated: "
            "then accept its terms there and set HF_TOKEN.",
            field="source",
        )
    if status == 429:
        raise Unavailable(f"{endpoint.origin()} asks for fewer requests. Try again later, or set HF_TOKEN.")
    if status != 200:
        raise UpstreamFailed(f"{endpoint.origin()} answered with status {status} when it was asked for {name}.")


def _listing(content: bytes, name: str) -> Listing:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    told = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    commit, siblings = told.get("sha"), told.get("siblings")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit) or not isinstance(siblings, list):
        raise UpstreamFailed(f"What the hub tells of {name} is not a list of files. Check HF_ENDPOINT.")
    files = {file.path: file for entry in cast("list[object]", siblings) if (file := _file(entry))}
    return Listing(commit, tuple(files.values()))


def _file(entry: object) -> HubFile | None:
    told = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    path, size, blob = told.get("rfilename"), told.get("size"), told.get("blobId")
    large = told.get("lfs")
    sha256 = cast("dict[str, Any]", large).get("sha256") if isinstance(large, dict) else None
    if not isinstance(path, str) or not safe(path) or type(size) is not int or not 0 <= size <= MAX_BYTES:
        return None
    if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
        return HubFile(path, size, sha256=sha256)
    # Without `lfs` the blob is the content's own; with it, that of a pointer.
    if large is None and isinstance(blob, str) and _SHA1.fullmatch(blob):
        return HubFile(path, size, blob=blob)
    return None
