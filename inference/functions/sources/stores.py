"""Object stores of others, as somebody with credentials sees them for the time of a call.

The library that lists them opens its own connections: it makes host names of what it is given, follows redirects and
resolves names itself. So all that it does with somebody's options goes through a proxy of our own, which checks each
address as it connects to it. That one place holds for every way to an address, those that a newer library adds
included; the patterns of the options are a second line, and give the better messages. What an administrator reads with
the server's own credentials takes no proxy, as these may come from an address within the cloud's network.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url
from yarl import URL

from inference.errors import InvalidInput, NotAllowed, UpstreamFailed
from inference.functions.context import Context
from inference.functions.sources.options import SCHEMES, Access, check_options, is_complete, needed, read_options
from inference.functions.web import GuardedProxy, guarded_proxy, read_allowance

if TYPE_CHECKING:
    from obstore import ObjectMeta

# The longest that S3 and Google take.
_VALID = timedelta(days=7)
_SIGNED_AT_ONCE = 500
# What a listing of as many objects as may be asked for comes to, with the longest names, and some more.
_MOST_LISTED = 128 * 1024 * 1024
_RETRIES: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=60)}

_BUCKET = re.compile(r"[A-Za-z0-9$_][A-Za-z0-9._-]{0,254}")


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object: the `source` that it is known by, and an address at which it can be fetched for a week."""

    source: str
    url: str
    etag: str | None
    size: int


async def list_objects(ctx: Context, url: str, options: dict[str, str], most: int) -> list[ListedObject]:
    """The objects below a URL, at most so many. The credentials are forgotten when this returns, but for a SAS, which
    is the signature of the addresses.

    Raises InvalidInput for another kind of URL or options, NotAllowed without credentials, ForbiddenAddress for an
    address in one's own network, UpstreamFailed for what the store answers.
    """
    asked = _read(url)
    check_options(asked.scheme, options)
    if not is_complete(asked.scheme, options):
        if options or not ctx.user.is_admin:
            raise NotAllowed(
                f"Give credentials in `options`: {needed(asked.scheme)}. Only administrators may use the server's own."
            )
        return await _listing(asked, Access({}), None, most)
    allowance = read_allowance(ctx.settings.http_allow)
    access = read_options(asked.scheme, asked.host or "", options, allowance)
    async with guarded_proxy(allowance, _MOST_LISTED) as proxy:
        return await _listing(asked, access, proxy, most)


async def _listing(asked: URL, access: Access, proxy: GuardedProxy | None, most: int) -> list[ListedObject]:
    try:
        # Deeper paths are given with each call: so sources are whole paths.
        store = _opened(f"{asked.scheme}://{asked.host}", access, proxy)
        found: list[ListedObject] = []
        async for batch in _batches(store, asked.path.strip("/")):
            wanted = [meta for meta in batch if meta["size"]][: most - len(found)]
            for begin in range(0, len(wanted), _SIGNED_AT_ONCE):
                some = wanted[begin : begin + _SIGNED_AT_ONCE]
                signed = await _signed(store, access, [meta["path"] for meta in some])
                found += [_listed(asked, meta, address) for meta, address in zip(some, signed, strict=True)]
            if len(found) >= most:
                break
        return found
    except (BaseError, OSError, ValueError) as error:
        if proxy and proxy.refused:
            raise proxy.refused from None
        # The library's errors may quote what it was given.
        raise UpstreamFailed(
            f"The object store did not give what is at {asked.scheme}://{asked.host} ({type(error).__name__}). Check "
            "the address, the region and the credentials.",
            field="url",
        ) from None


def _opened(url: str, access: Access, proxy: GuardedProxy | None) -> Any:
    client: dict[str, Any] = {"allow_http": True} | ({"proxy_url": proxy.url} if proxy else {})
    opening: Any = from_url  # its overloads know one kind of store each
    return opening(
        url,
        config=access.config,
        client_options=client,
        retry_config=_RETRIES,
        credential_provider=access.credentials,
    )


async def _signed(store: Any, access: Access, paths: list[str]) -> Sequence[str]:
    if access.signature:
        return [f"{access.address}/{quote(path)}?{access.signature}" for path in paths]
    return await obstore.sign_async(store, "GET", paths, _VALID)


def _read(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError:
        url = URL()
    if url.scheme not in SCHEMES or not _BUCKET.fullmatch(url.host or "") or url.query_string or url.user:
        raise InvalidInput(
            "`url` must be s3://bucket/prefix, gs://bucket/prefix or az://container/prefix. For a folder of this "
            "machine there is `penstock ingest`.",
            field="url",
        )
    return url


def _listed(asked: URL, meta: ObjectMeta, address: str) -> ListedObject:
    return ListedObject(f"{asked.scheme}://{asked.host}/{meta['path']}", address, meta["e_tag"], meta["size"])


def _batches(store: Any, prefix: str) -> AsyncIterator[Sequence[ObjectMeta]]:
    listing: Any = cast(Any, obstore).list  # its types are unknown in part
    return listing(store, prefix=prefix or None)
