"""A runner without processes and weights, for tests: the same pool, wire formats and `extractive`, with tiny vectors.

Its engines answer over real HTTP on loopback, deterministically. A text's vector counts its words, hashed into 384
places: texts that share words are similar, and the rest are not.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import struct
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zlib import crc32

from aiohttp import web

from inference.errors import Unavailable
from inference.models.models import Device, LoadRecord, Memory, ModelEntry
from inference.runner import Embedder, Lease
from inference.runner.catalog import Catalog, Spec, builtin
from inference.runner.engines.chat import chat_routes
from inference.runner.engines.embeddings import InputType, embedding_routes
from inference.runner.engines.extractive.answer import Extractive
from inference.runner.engines.extractive.selection import stems
from inference.runner.engines.reranking import ByEmbedding, rerank_routes
from inference.runner.engines.serving import engine_app
from inference.runner.pool import Ended, Message, NotStarted, Pool, Started
from inference.runner.slots import MIB, Engine, describe

if TYPE_CHECKING:
    from inference.models.common import Fault
    from inference.models.models import Model

DIMENSIONS = 384
MAX_TOKENS = 256
ENGINE_BYTES = MIB  # what a fake engine says that it holds
TOTAL_MB = 1024.0


class WordVectors:
    """`Embedder` that knows of a word only its hash."""

    def __init__(self, model: str, dimensions: int) -> None:
        self.model = model
        self.dimensions = dimensions

    async def embed(self, texts: Sequence[str], input_type: InputType, caller: str) -> tuple[list[bytes], int]:
        rows = [word_vector(text, self.dimensions) for text in texts]
        return rows, sum(len(text.split()) for text in texts)


class SharedWords:
    """`Reranker` by the share of the query's words that a text has."""

    def __init__(self, model: str) -> None:
        self.model = model

    async def rerank(self, query: str, texts: Sequence[str], caller: str) -> tuple[list[bytes], int]:
        wanted = stems(query) or {query}
        shares = [len(wanted & stems(text)) / len(wanted) for text in texts]
        return [struct.pack("<f", share) for share in shares], sum(len(text.split()) for text in texts)


def word_vector(text: str, dimensions: int = DIMENSIONS) -> bytes:
    """So many float32, little-endian, of length 1."""
    numbers = [0.0] * dimensions
    for word in stems(text) or {text}:
        numbers[crc32(word.encode()) % dimensions] += 1.0
    length = math.sqrt(sum(number * number for number in numbers))
    return struct.pack(f"<{dimensions}f", *(number / length for number in numbers))


async def _word_vectors(texts: Sequence[str]) -> list[bytes]:
    return [word_vector(text) for text in texts]


def _routes(spec: Spec) -> list[web.RouteDef]:
    if spec.kind == "embedding":
        vectors = WordVectors(spec.id, spec.dimensions or DIMENSIONS)
        return [*embedding_routes(vectors), *rerank_routes(ByEmbedding(vectors))]
    return rerank_routes(SharedWords(spec.id)) if spec.kind == "rerank" else chat_routes(Extractive(_word_vectors))


def _spec(entry: ModelEntry) -> Spec:
    """As the catalogue makes it of a folder; here there is none."""
    known = Embedder(
        entry.id, entry.dimensions or DIMENSIONS, entry.max_tokens or MAX_TOKENS, entry.dtype, f"fake-{entry.source}"
    )  # fmt: skip
    embeds = entry.kind == "embedding"
    return Spec(
        entry.id, entry.kind, entry.engine, "", entry.description,
        dimensions=known.dimensions if embeds else None, max_tokens=known.max_tokens,
        precision=entry.dtype, embedder=known if embeds else None,
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class FakeEngine:
    """An HTTP server in this process in the place of an engine's process."""

    lease: Lease
    server: web.AppRunner
    alive: bool = field(default=True, init=False)

    def memory_bytes(self) -> int:
        return ENGINE_BYTES if self.alive else 0


class FakeLauncher:
    """The pool's effects on servers in this process. A model in `broken` cannot be loaded, for the reason given."""

    def __init__(self, inbox: asyncio.Queue[Message], broken: Mapping[str, str]) -> None:
        self._inbox = inbox
        self._broken = broken
        self._tasks: set[asyncio.Task[None]] = set()
        self.engines: dict[str, FakeEngine] = {}
        self.loads: list[LoadRecord] = []  # newest first

    def start(self, spec: Spec) -> None:
        self._spawn(self._start(spec))

    def abandon(self, spec: Spec) -> None:
        """A fake starts at once: the pool sees Started and stops it."""

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self._spawn(self.end(spec.id, "ended with status 0"))

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        done.set_result(None)

    async def end(self, model: str, reason: str) -> None:
        engine = self.engines.pop(model)
        engine.alive = False
        await engine.server.cleanup()
        self._inbox.put_nowait(Ended(model, engine, f"its process {reason}"))

    async def close(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _start(self, spec: Spec) -> None:
        if reason := self._broken.get(spec.id):
            self._inbox.put_nowait(NotStarted(spec.id, reason))
            return
        token = secrets.token_urlsafe(16)
        server = web.AppRunner(engine_app(token, _routes(spec)), access_log=None, shutdown_timeout=1)
        await server.setup()
        await web.TCPSite(server, "127.0.0.1", 0).start()
        lease = Lease(spec.id, f"http://127.0.0.1:{server.addresses[0][1]}/v1", {"Authorization": f"Bearer {token}"})
        engine = self.engines[spec.id] = FakeEngine(lease, server)
        self.loads.insert(
            0,
            LoadRecord(
                model=spec.id, at=datetime.now(UTC), seconds=0, rss_before_mb=0, rss_after_mb=ENGINE_BYTES / MIB
            ),
        )
        self._inbox.put_nowait(Started(spec.id, engine, 0.0))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class FakeRunner:
    """`Runner` with the local models of the real one. Made and closed in one event loop.

    `models` are added to those, as models.yaml does. `crash(model)` is the death of an engine, `die()` that of the
    runner, after which every call raises Unavailable.
    """

    def __init__(self, *, broken: Mapping[str, str] | None = None, models: Sequence[ModelEntry] = ()) -> None:
        inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._launcher = FakeLauncher(inbox, broken or {})
        self._catalog = Catalog(builtin() | {entry.id: _spec(entry) for entry in models})
        self._pool = Pool(self._catalog.local.values(), self._launcher, inbox)
        self._owner: asyncio.Task[None] | None = None
        self._dead = False

    async def lease(self, model: str) -> Lease:
        return await self._running().lease(model)

    async def embedder(self, model: str) -> Embedder:
        self._running()
        return self._catalog.embedder(model)

    async def faults(self) -> list[Fault]:
        self._running()
        return list(self._catalog.faults)

    async def models(self) -> list[Model]:
        return [describe(slot) for slot in self._running().slots()]

    async def memory(self) -> Memory:
        models = await self.models()
        held = sum(model.memory_mb for model in models)
        cpu = Device(id="cpu", kind="cpu", total_mb=TOTAL_MB, used_mb=held, free_mb=TOTAL_MB - held, models_mb=held)
        return Memory(devices=[cpu], models=models, loads=list(self._launcher.loads))

    async def load(self, model: str) -> Model:
        await self.lease(model)
        return describe(self._pool.slot(model))

    async def unload(self, model: str) -> Model:
        await self._running().unload(model)
        return describe(self._pool.slot(model))

    async def forget(self, lease: Lease) -> None:
        await self._running().suspect(lease.model, lease.base_url)

    async def crash(self, model: str) -> None:
        """Ends the engine of `model` as kill -9 would. Raises KeyError when it is not loaded."""
        await self._launcher.end(model, "was killed by SIGKILL")

    async def die(self) -> None:
        self._dead = True
        await self._stop()

    async def close(self) -> None:
        if not self._dead:
            await self._stop()

    async def _stop(self) -> None:
        if self._owner:
            await self._pool.close()
            await self._launcher.close()
            self._owner.cancel()
            self._owner = None

    def _running(self) -> Pool:
        if self._dead:
            raise Unavailable("The runner does not answer. It is started again by itself; try again in a few seconds.")
        if self._owner is None:
            self._owner = asyncio.get_running_loop().create_task(self._pool.run())
        return self._pool
