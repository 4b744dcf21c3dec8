"""Engines without processes and weights: servers in this process, with tiny vectors, and the pool's effects on them.

They answer over real HTTP on loopback, deterministically. A text's vector counts its words, hashed into 384 places:
texts that share words are similar, and the rest are not.
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

from inference.models.models import LoadRecord
from inference.runner import Embedder, Lease
from inference.runner.engines.chat import chat_routes
from inference.runner.engines.embeddings import InputType, embedding_routes
from inference.runner.engines.extractive.answer import Extractive
from inference.runner.engines.extractive.selection import stems
from inference.runner.engines.reranking import ByEmbedding, rerank_routes
from inference.runner.engines.serving import engine_app
from inference.runner.kinds import Failure, Spec
from inference.runner.messages import Assessed, Ended, Measured, Message, NotStarted, Started, Tick
from inference.runner.policy import Place, Way
from inference.runner.slots import MIB, Engine

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.policy import Fall, Room, Share

DIMENSIONS = 384
MAX_TOKENS = 256
ENGINE_BYTES = MIB  # what a fake engine says that it holds


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


def fake_spec(entry: ModelEntry) -> Spec:
    """As the catalogue makes it of a folder; here there is none."""
    known = Embedder(
        entry.id, entry.dimensions or DIMENSIONS, entry.max_tokens or MAX_TOKENS, entry.dtype, f"fake-{entry.source}"
    )  # fmt: skip
    embeds = entry.kind == "embedding"
    return Spec(
        entry.id, entry.kind, entry.engine, entry.description,
        dimensions=known.dimensions if embeds else None, max_tokens=known.max_tokens,
        precision=entry.dtype, embedder=known if embeds else None, entry=entry, context=entry.context,
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class FakeEngine:
    """An HTTP server in this process in the place of an engine's process."""

    lease: Lease
    server: web.AppRunner
    alive: bool = field(default=True, init=False)


class FakeLauncher:
    """The pool's effects on servers in this process. A model in `broken` cannot be loaded, for the reason given.

    A model takes the `memory_mb` of its entry, ENGINE_BYTES without one, of the `total` bytes that there are.
    """

    def __init__(self, inbox: asyncio.Queue[Message], broken: Mapping[str, str], total: int) -> None:
        self._inbox = inbox
        self._broken = broken
        self._total = total
        self._tasks: set[asyncio.Task[None]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self.engines: dict[str, FakeEngine] = {}
        self.sizes: dict[str, int] = {}
        self.logs: dict[str, list[str]] = {}
        self.loads: list[LoadRecord] = []  # newest first

    def assess(self, spec: Spec, context: int | None) -> None:
        size = int(spec.entry.memory_mb * MIB) if spec.entry and spec.entry.memory_mb else ENGINE_BYTES
        self._inbox.put_nowait(Assessed(spec.id, (Way("cpu", 1, size),)))

    def measure(self) -> None:
        self._inbox.put_nowait(Measured((Place("cpu", "cpu", self._total),), self.shares()))

    def shares(self) -> dict[str, dict[str, int]]:
        return {model: {"cpu": self.sizes[model]} for model in self.engines}

    def start(self, spec: Spec, room: Room, context: int | None) -> None:
        self._spawn(self._start(spec, room))

    def abandon(self, spec: Spec) -> None:
        """A fake starts at once: the pool sees Started and stops it."""

    def stop(self, spec: Spec, engine: Engine, *, at_once: bool) -> None:
        self._spawn(self.end(spec.id, "ended with status 0"))

    def sleep(self, spec: Spec, engine: Engine, fall: Fall) -> None:
        """No fake can."""

    def wake(self, spec: Spec, engine: Engine, level: int) -> None:
        """None ever sleeps."""

    def probe(self, spec: Spec, engine: Engine, done: asyncio.Future[None]) -> None:
        if not done.done():
            done.set_result(None)

    def smaller(self, spec: Spec, context: int | None, room: int) -> int | None:
        return None

    def asleep(self, spec: Spec, share: Share, load_seconds: float, deepest: int) -> Sequence[tuple[int, Share, float]]:
        return ()

    def look_again(self, seconds: float) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(seconds, self._inbox.put_nowait, Tick())

    async def end(self, model: str, reason: str) -> None:
        engine = self.engines.pop(model)
        engine.alive = False
        await engine.server.cleanup()
        self.logs.setdefault(model, []).append(reason)
        self._inbox.put_nowait(Ended(model, engine, f"its process {reason}"))

    async def close(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        await asyncio.gather(*self._tasks)

    async def _start(self, spec: Spec, room: Room) -> None:
        self.logs.setdefault(spec.id, []).append(f"--- starting {spec.id}")
        if reason := self._broken.get(spec.id):
            self._inbox.put_nowait(NotStarted(spec.id, Failure(memory=False, words=reason)))
            return
        token = secrets.token_urlsafe(16)
        server = web.AppRunner(engine_app(token, _routes(spec)), access_log=None, shutdown_timeout=1)
        await server.setup()
        await web.TCPSite(server, "127.0.0.1", 0).start()
        lease = Lease(spec.id, f"http://127.0.0.1:{server.addresses[0][1]}/v1", {"Authorization": f"Bearer {token}"})
        engine = self.engines[spec.id] = FakeEngine(lease, server)
        size = self.sizes[spec.id] = sum(room.share.values())
        self.loads.insert(
            0,
            LoadRecord(model=spec.id, at=datetime.now(UTC), seconds=0, rss_before_mb=0, rss_after_mb=size / MIB),
        )
        self._inbox.put_nowait(Started(spec.id, engine, 0.0, {"cpu": size}))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
