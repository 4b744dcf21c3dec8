"""Providers that people connect: their models are called `<name>/<model>`."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import aiohttp
import orjson

from db import Storage, StoredProvider
from inference.errors import ForbiddenAddress, InvalidInput, LimitReached, NotAllowed, PenstockError
from inference.functions.context import Context
from inference.functions.identifiers import new_id, no_such
from inference.functions.registry import function
from inference.functions.vault import vault
from inference.functions.web import Allowance, check_address, guarded_session, read_allowance, read_url
from inference.json_values import as_array, as_object
from inference.models.common import Empty
from inference.models.gateway import Provider, ProviderList, ProviderReference, SetProviderRequest
from inference.models.models import Model, ModelKind
from inference.runner import Lease
from inference.settings import Settings

MOST_PROVIDERS = 50
# Names whose models are others: of the runner's provider, of toolchains.
_TAKEN = ("openai", "toolchain")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PRINTED = re.compile(r"[\x20-\x7e]*")
# Headers that the gateway makes itself, or that would change where a request ends.
_RESERVED = frozenset((
    "host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding", "te", "trailer",
    "upgrade", "expect", "keep-alive", "proxy-authorization", "proxy-connection",
))  # fmt: skip
_LISTING_SECONDS, _TIMEOUT_SECONDS, _LISTING_BYTES, _MOST_MODELS = 60.0, 3.0, 4 << 20, 1000
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class ProviderModel:
    """A provider's model, ready to be asked. `allowance` None: an administrator vouches for the address."""

    lease: Lease
    allowance: Allowance | None


@dataclass(slots=True)
class _Listings:
    """The models of providers, as they told of late."""

    held: OrderedDict[str, tuple[float, list[str]]] = field(default_factory=OrderedDict[str, tuple[float, list[str]]])

    def get(self, key: str) -> list[str] | None:
        at, names = self.held.get(key, (0.0, []))
        return names if time.monotonic() - at < _LISTING_SECONDS and key in self.held else None

    def put(self, key: str, names: list[str]) -> None:
        self.held[key] = (time.monotonic(), names)
        while len(self.held) > _REMEMBERED:
            self.held.popitem(last=False)


_listings = _Listings()


@function(scope="models:write")
async def set_provider(ctx: Context, request: SetProviderRequest) -> Provider:
    """Connects an OpenAI-compatible provider, whose models are then called `<name>/<model>`. The key is kept sealed and
    never told again. For another address than before it has to be given anew."""
    owner = _owner(ctx, shared=request.shared)
    if request.name in _TAKEN:
        raise InvalidInput(f"Models called {request.name}/… are others already. Choose another name.", field="name")
    if sum(not provider.shared for provider in await ctx.storage.providers.list(ctx.user.key)) >= MOST_PROVIDERS:
        raise LimitReached(f"You have {MOST_PROVIDERS} providers, the most there may be. Delete one first.")
    if len(request.prices or {}) > _MOST_MODELS:
        raise InvalidInput(f"At most {_MOST_MODELS} models of a provider have prices.", field="prices")
    url = _address(request.base_url, None if ctx.user.is_admin else read_allowance(ctx.settings.http_allow))
    before = await ctx.storage.providers.get(owner, request.name)
    kept = _headers(ctx.settings, before) if before and before.base_url == url else {}
    bearer = {"Authorization": f"Bearer {_key(request.api_key)}"} if request.api_key else _only(kept, "Authorization")
    beside = _checked(request.headers) if request.headers is not None else _only(kept, *set(kept) - {"Authorization"})
    uid = new_id()
    secret = vault(ctx.settings.sealing_key).seal(orjson.dumps(bearer | beside), uid.bytes)
    await ctx.storage.providers.put(
        uid, owner, request.name, url, secret, _preview(bearer), sorted(beside), trusted=ctx.user.is_admin,
        prices=None if request.prices is None else {name: price.model_dump() for name, price in request.prices.items()},
    )  # fmt: skip
    listed = await ctx.storage.providers.list(ctx.user.key)
    return next(found for found in listed if (found.name, found.shared) == (request.name, request.shared))


@function(scope="models:read", read_only=True)
async def fetch_providers(ctx: Context, request: Empty) -> ProviderList:
    """The caller's providers and everybody's, without their keys."""
    return ProviderList(providers=await ctx.storage.providers.list(ctx.user.key))


@function(scope="models:write")
async def delete_provider(ctx: Context, request: ProviderReference) -> Empty:
    """Disconnects a provider; its key is gone with it."""
    if not await ctx.storage.providers.delete(_owner(ctx, shared=request.shared), request.name):
        raise no_such("provider", request.name, "name")
    return Empty()


async def find_provider(storage: Storage, settings: Settings, user: int, model: str) -> ProviderModel | None:
    """The model of a provider that this user may ask; None when the name is none of theirs."""
    name, _, there = model.partition("/")
    if not there or name in _TAKEN:
        return None
    stored = await storage.providers.find(user, name)
    if stored is None:
        return None
    allowance = None if stored.trusted else read_allowance(settings.http_allow)
    return ProviderModel(Lease(there, stored.base_url, _headers(settings, stored), remote=True), allowance)


async def list_provider_models(ctx: Context) -> list[Model]:
    """The models of the caller's providers, as those list them; of one that does not answer, none."""
    models: dict[str, Model] = {}
    for provider in await ctx.storage.providers.list(ctx.user.key):
        stored = await ctx.storage.providers.find(ctx.user.key, provider.name)
        for name in await _models_of(ctx.settings, stored) if stored else ():
            model = f"{provider.name}/{name}"
            told = Model(
                id=model, kind=_kind(name), engine="remote", state="ready", memory_mb=0, device="remote",
                price=provider.prices.get(name),
            )  # fmt: skip
            # One's own provider is listed first, and means the model.
            models.setdefault(model, told)
    return list(models.values())


async def _models_of(settings: Settings, stored: StoredProvider) -> list[str]:
    key = str(stored.uid)
    if (known := _listings.get(key)) is not None:
        return known
    try:
        names = await _ask_for_models(settings, stored)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, PenstockError):
        names = []
    _listings.put(key, names)
    return names


async def _ask_for_models(settings: Settings, stored: StoredProvider) -> list[str]:
    """Raises ValueError for an answer that is no listing."""
    allowance = None if stored.trusted else read_allowance(settings.http_allow)
    url = f"{stored.base_url}/models"
    headers = _headers(settings, stored) | {"Accept-Encoding": "identity"}
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
    if allowance is not None:
        check_address(read_url(url), allowance)
        session = guarded_session(allowance)
        async with session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
            return await _read_listing(response)
    async with (
        aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.get(url, headers=headers, allow_redirects=False) as response,
    ):
        return await _read_listing(response)


async def _read_listing(response: aiohttp.ClientResponse) -> list[str]:
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > _LISTING_BYTES:
            raise ValueError("a listing without an end")
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    entries = as_array(as_object(orjson.loads(body)).get("data"))
    names = [as_object(entry).get("id") for entry in entries]
    return [name for name in names if isinstance(name, str) and name][:_MOST_MODELS]


def _kind(name: str) -> ModelKind:
    """A listing does not tell what a model is for; its name does."""
    name = name.lower()
    if "rerank" in name:
        return "rerank"
    return "embedding" if "embed" in name else "chat"


def _owner(ctx: Context, *, shared: bool) -> int | None:
    if shared and not ctx.user.is_admin:
        raise NotAllowed("Only administrators may connect providers for everybody. Leave out `shared`.")
    return None if shared else ctx.user.key


def _address(base_url: str, allowance: Allowance | None) -> str:
    try:
        url = read_url(base_url)
        if url.query_string:
            raise InvalidInput("`base_url` must not have a query.")
        if allowance is not None:
            check_address(url, allowance)
    except (InvalidInput, ForbiddenAddress) as error:
        raise type(error)(error.message.replace("`url`", "`base_url`"), field="base_url") from None
    return str(url).rstrip("/")


def _headers(settings: Settings, stored: StoredProvider) -> dict[str, str]:
    return orjson.loads(vault(settings.sealing_key).open(stored.secret, stored.uid.bytes))


def _only(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in names}


def _key(key: str) -> str:
    if not _PRINTED.fullmatch(key.strip()):
        raise InvalidInput("`api_key` has characters that no header can hold.", field="api_key")
    return key.strip()


def _checked(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or name.lower() in _RESERVED or not _PRINTED.fullmatch(value):
            raise InvalidInput(f"`headers`: {name[:80]!r} cannot be sent as a header.", field=f"headers.{name[:80]}")
    return {"Authorization" if name.lower() == "authorization" else name: value for name, value in headers.items()}


def _preview(bearer: dict[str, str]) -> str:
    """Enough to know a long key again, and nothing of a short one."""
    key = bearer.get("Authorization", "").removeprefix("Bearer ")
    if not key:
        return ""
    return f"{key[:6]}…{key[-4:]}" if len(key) >= 24 else "…"
