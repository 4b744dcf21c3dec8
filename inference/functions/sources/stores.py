"""Object stores of others, as somebody with credentials sees them for the time of a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url
from yarl import URL

from inference.errors import InvalidInput, NotAllowed, UpstreamFailed
from inference.functions.context import Context
from inference.functions.web import GuardedResolver, check_address, read_allowance, read_url

if TYPE_CHECKING:
    from obstore import ObjectMeta

# By scheme: what may be given, and what must be, all of one of these groups. Anything else could make the library look
# for credentials by itself: in the environment, in files, at a cloud's address within this machine's network.
_OPTIONS = {
    "s3": ("access_key_id", "secret_access_key", "session_token", "region", "endpoint", "virtual_hosted_style_request"),
    "gs": ("service_account_key",),
    "az": ("account_name", "account_key", "sas_key", "endpoint"),
}
_NEEDED = {
    "s3": [{"access_key_id", "secret_access_key"}],
    "gs": [{"service_account_key"}],
    "az": [{"account_name", "account_key"}, {"account_name", "sas_key"}],
}
# The longest that S3 and Google take.
_VALID = timedelta(days=7)
_SIGNED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object: the `source` that it is known by, and an address at which it can be fetched for a week."""

    source: str
    url: str
    etag: str | None
    size: int


async def list_objects(ctx: Context, url: str, options: dict[str, str], most: int) -> list[ListedObject]:
    """The objects below a URL, at most so many. The credentials are forgotten when this returns.

    Raises InvalidInput for another kind of URL or options, NotAllowed without credentials, ForbiddenAddress for an
    endpoint in one's own network, UpstreamFailed for what the store answers.
    """
    asked = _read(url)
    config = await _config(ctx, asked.scheme, options)
    prefix = asked.path.strip("/")
    try:
        # Deeper paths are given with each call: so sources are whole paths.
        store = from_url(
            f"{asked.scheme}://{asked.host}", config=cast(Any, config), client_options={"allow_http": True}
        )
        found: list[ListedObject] = []
        async for batch in _batches(store, prefix):
            wanted = [meta for meta in batch if meta["size"]][: most - len(found)]
            for begin in range(0, len(wanted), _SIGNED_AT_ONCE):
                some = wanted[begin : begin + _SIGNED_AT_ONCE]
                signed = await obstore.sign_async(cast(Any, store), "GET", [meta["path"] for meta in some], _VALID)
                found += [_listed(asked, meta, address) for meta, address in zip(some, signed, strict=True)]
            if len(found) >= most:
                break
        return found
    except (BaseError, OSError, ValueError) as error:
        # The library's errors may quote what it was given.
        raise UpstreamFailed(
            f"The object store did not give what is at {asked.scheme}://{asked.host} ({type(error).__name__}). Check "
            "the address, the region and the credentials.",
            field="url",
        ) from None


def _read(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError:
        url = URL()
    if url.scheme not in _OPTIONS or not url.host or url.query_string or url.user:
        raise InvalidInput(
            "`url` must be s3://bucket/prefix, gs://bucket/prefix or az://container/prefix. For a folder of this "
            "machine there is `penstock ingest`.",
            field="url",
        )
    return url


async def _config(ctx: Context, scheme: str, options: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(options.keys() - set(_OPTIONS[scheme])):
        raise InvalidInput(f"{unknown[0]!r} is no option of {scheme}://; there are {', '.join(_OPTIONS[scheme])}.",
                           field="options")  # fmt: skip
    if not any(needed <= options.keys() for needed in _NEEDED[scheme]):
        if options or not ctx.user.is_admin:
            needed = " and ".join(f"`{name}`" for name in sorted(_NEEDED[scheme][0]))
            raise NotAllowed(f"Give credentials in `options`: {needed}. Only administrators may use the server's own.")
        return {}
    if endpoint := options.get("endpoint"):
        await _check_endpoint(ctx, endpoint)
    return {f"{_NAMES[scheme]}_{name}": value for name, value in options.items()}


_NAMES = {"s3": "aws", "gs": "google", "az": "azure"}


async def _check_endpoint(ctx: Context, endpoint: str) -> None:
    url, allowance = read_url(endpoint), read_allowance(ctx.settings.http_allow)
    check_address(url, allowance)
    resolver = GuardedResolver(allowance)
    try:
        await asyncio.wait_for(resolver.resolve(url.raw_host or "", url.port or 0), 10)
    except (OSError, TimeoutError):
        raise UpstreamFailed(f"There is no host {url.host!r} that can be found.", field="options.endpoint") from None
    finally:
        await resolver.close()


def _listed(asked: URL, meta: ObjectMeta, address: str) -> ListedObject:
    return ListedObject(f"{asked.scheme}://{asked.host}/{meta['path']}", address, meta["e_tag"], meta["size"])


def _batches(store: Any, prefix: str) -> AsyncIterator[Sequence[ObjectMeta]]:
    listing: Any = cast(Any, obstore).list  # its types are unknown in part
    return listing(store, prefix=prefix or None)
