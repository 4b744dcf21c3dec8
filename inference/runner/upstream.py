"""An OpenAI-compatible provider: its models are leased by handing out its address and key, and cost no memory here."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import aiohttp
import orjson

from inference.errors import InvalidInput, NotFound
from inference.models.models import Model
from inference.runner import Lease

if TYPE_CHECKING:
    from inference.models.models import ModelEntry, ModelKind
    from inference.runner.catalog import Catalog

log = logging.getLogger(__name__)

PROVIDER = "openai"
LISTING_SECONDS = 60.0  # how long a listing, or the news that there is none, is believed
TIMEOUT_SECONDS = 3.0
MAX_LISTING_BYTES = 4 * 1024 * 1024
MAX_MODELS = 1000


class Upstream:
    """The provider at `base_url` (ends before `/chat/completions`); an empty `base_url` is no provider.

    The catalogue gives names and facts of its own to some of its models.
    """

    def __init__(self, base_url: str, api_key: str, catalog: Catalog) -> None:
        if base_url and (urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname):
            raise InvalidInput(
                f"OPENAI_BASE_URL is {base_url!r}: give an address like https://api.openai.com/v1",
                field="OPENAI_BASE_URL",
            )
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.catalog = catalog
        self._listing: list[Model] = []
        self._listed_at = float("-inf")

    def lease(self, model: str) -> Lease:
        """Raises NotFound for what is neither `openai/<name>` nor in the catalogue, and without a provider."""
        return Lease(self._name_there(model), self._base_url, dict(self._headers), remote=True)

    def model(self, model: str) -> Model:
        """The same check, answered with what is known of the model without asking the provider."""
        self._name_there(model)
        entry = self.catalog.remote.get(model)
        return _describe_entry(entry) if entry else _describe(model)

    async def models(self) -> list[Model]:
        """The catalogue's and the provider's models; the last listing where it does not answer within 3 s, at first an
        empty one."""
        told = [_describe_entry(entry) for entry in self.catalog.remote.values()]
        if not self._base_url:
            return told
        if time.monotonic() - self._listed_at >= LISTING_SECONDS:
            # Set before the answer, so that an unreachable provider costs one wait a minute, not one a call.
            self._listed_at = time.monotonic()
            try:
                self._listing = listing(await self._fetch())
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                log.warning("The models of %s cannot be listed: %s", self._base_url, error or type(error).__name__)
        return [*told, *self._listing]

    async def _fetch(self) -> bytes:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
            session.get(f"{self._base_url}/models") as response,
        ):
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            body = bytearray()
            async for part in response.content.iter_chunked(1 << 16):
                body += part
                if len(body) > MAX_LISTING_BYTES:
                    raise ValueError(f"a listing of more than {MAX_LISTING_BYTES} bytes")
            return bytes(body)

    def _name_there(self, model: str) -> str:
        provider, _, name = model.partition("/")
        if entry := self.catalog.remote.get(model):
            name = entry.source
        elif provider != PROVIDER or not name:
            raise self.catalog.unknown(model)
        if not self._base_url:
            raise NotFound(
                f"The model {model!r} belongs to a provider and none is configured. "
                "Set OPENAI_BASE_URL and OPENAI_API_KEY and start again.",
                field="model",
            )
        return name


def listing(body: bytes) -> list[Model]:
    """The models that a `GET /models` answer names. Raises ValueError where it is not one."""
    answer = orjson.loads(body)
    entries = cast("dict[str, Any]", answer).get("data") if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        raise ValueError("the answer is not a list of models")
    ids = [
        cast("dict[str, Any]", entry).get("id") for entry in cast("list[object]", entries) if isinstance(entry, dict)
    ]
    return [_describe(f"{PROVIDER}/{name}") for name in ids if isinstance(name, str) and name][:MAX_MODELS]


def _describe(model: str) -> Model:
    return Model(id=model, kind=_kind(model), engine="remote", state="ready", memory_mb=0, device="remote")


def _describe_entry(entry: ModelEntry) -> Model:
    return Model(
        id=entry.id,
        kind=entry.kind,
        engine="remote",
        state="ready",
        memory_mb=0,
        device="remote",
        dimensions=entry.dimensions,
        max_tokens=entry.max_tokens,
        description=entry.description,
        price=entry.price,
    )


def _kind(model: str) -> ModelKind:
    """A listing does not tell what a model is for; its name does."""
    name = model.lower()
    if "rerank" in name:
        return "rerank"
    return "embedding" if "embed" in name else "chat"
