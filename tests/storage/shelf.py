"""Documents put on the shelf without files and ingestion, and a chat model that answers as a test says."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from aiohttp import web
from uuid_utils.compat import uuid7

from db import NewChunk, NewDocument, NewPage
from inference.runner import DEFAULT_EMBEDDER, Lease, embed
from tests.storage.bench import Bench
from tests.unit.composer.model import says

# What a test's model is called; every other model is the fake runner's.
CLEVER = "clever"
# Said, it is an answer with status 500.
BREAKS = "(breaks)"


async def shelve(bench: Bench, documents: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, str]]:
    """Keeps documents by name as the passages that they consist of, one a page; those without passages are never
    ingested. The collection's id and the documents' ids by name."""
    collection = uuid7()
    key = bench.ctx.user.key
    await bench.storage.collections.create(collection, key, "shelf", "", {}, "english", DEFAULT_EMBEDDER)
    ids: dict[str, str] = {}
    for name, passages in documents.items():
        uid = uuid7()
        ids[name] = str(uid)
        new = NewDocument(
            name=name, content_type="text/plain", size=1, sha256=hashlib.sha256(uid.bytes).hexdigest(), metadata={}
        )
        assert await bench.storage.documents.create(uid, key, collection, new)
        if not passages:
            continue
        vectors = await embed(bench.ctx.runner, DEFAULT_EMBEDDER, list(passages))
        chunks = [
            NewChunk(
                uid=uuid7(), ordinal=at, page=at + 1, start=0, page_end=at + 1, end=len(text), token_count=1,
                headings=[], text=text,
            )
            for at, text in enumerate(passages)
        ]  # fmt: skip
        embedder = await bench.storage.vectors.embedder(DEFAULT_EMBEDDER, vectors.shape[1], "")
        async with bench.storage.transaction() as work:
            document = await work.ingestions.work(key, uid)
            assert document
            pages = [NewPage(number, text) for number, text in enumerate(passages, 1)]
            stored = await work.ingestions.put_words(document, pages, chunks)
            assert stored
            await work.vectors.add(embedder, document.collection_id, stored, vectors)
            await work.ingestions.complete(document.id)
    return str(collection), ids


Think = Callable[[str, str], str]


@dataclass
class CleverModel:
    """`think(system, user)` is what it says to the system message and the last user message. `asked` keeps both of each
    call, `most` how many calls were under way at once."""

    think: Think = lambda system, user: ""
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    under_way: int = 0
    most: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Its side of the OpenAI protocol."""
        messages: list[dict[str, Any]] = orjson.loads(await request.read())["messages"]
        system = str(messages[0]["content"]) if messages[0]["role"] == "system" else ""
        user = str(messages[-1]["content"])
        self.asked.append((system, user))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        # Others that are asked at the same time arrive.
        await asyncio.sleep(0.02)
        said = self.think(system, user)
        self.under_way -= 1
        if said == BREAKS:
            return web.json_response({"error": {"message": "it is broken"}}, status=500)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for chunk in says(*said.splitlines(keepends=True)).chunks:
            await response.write(b"data: " + orjson.dumps(chunk) + b"\n\n")
        await response.write(b"data: [DONE]\n\n")
        return response


@asynccontextmanager
async def serving_clever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[CleverModel]:
    """The model `clever` beside those of the bench's runner."""
    model = CleverModel()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_post("/v1/chat/completions", model.answer)
    server = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{server.addresses[0][1]}/v1"
    runner = bench.ctx.runner
    others = runner.lease

    async def lease(name: str, *, background: bool = False) -> Lease:
        return Lease(name, url) if name == CLEVER else await others(name, background=background)

    monkeypatch.setattr(runner, "lease", lease)
    yield model
    await server.cleanup()
