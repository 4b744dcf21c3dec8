"""Our engine in a process that is told what to do, as the server and the worker have it but without HTTP:

python -m inference.evaluation.graphs.engine_process <database url> <home>
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import orjson
import uvloop
from pydantic import BaseModel

from db import Listener, Storage, open_objects, open_storage
from inference.composer import Composer, run_unrecorded
from inference.evaluation.graphs import langgraph_chain, toolchains
from inference.evaluation.graphs.trace import NODES, Trace
from inference.evaluation.orders import obey
from inference.functions import Caller, Context, function, new_id
from inference.models.conversations import IsolateRequest, IsolateResult
from inference.models.runs import RunToolchainResult
from inference.runner import FakeRunner
from inference.settings import Settings

USER = "bench"
# How often a run is offered to the engine that is to take it over.
_OFFER_SECONDS = 0.25


class TracedStep(BaseModel):
    run: str
    number: int


class TracedStepResult(BaseModel):
    question: str = "x"


@function(scope="runs:write")
async def trace_step(ctx: Context, request: TracedStep) -> TracedStepResult:
    """Leaves a line in the trace. There is such a function in this process alone."""
    await Trace(str(ctx.settings.home_dir / "ours.trace")).work(request.run, request.number)
    return TracedStepResult()


@function(scope="runs:write")
async def act_on_nothing(ctx: Context, request: IsolateRequest) -> IsolateResult:
    """Gives back the question. It does not say that it only reads, so every run takes it for an act."""
    return IsolateResult(question=request.question)


class Ours:
    """A composer at work for one user."""

    def __init__(self, composer: Composer, ctx: Context) -> None:
        self._composer, self._ctx = composer, ctx
        self._saved = set[str]()

    async def alone(self, nodes: int, runs: int, acting: bool = False) -> list[float]:
        """Milliseconds of each of `runs` durable runs of a chain, one after the other; whether its nodes act."""
        name = await self._save(_chain(nodes, acting))
        return [await self._run(name, {}, nodes) for _ in range(runs)]

    async def many(self, nodes: int, runs: int, at_once: int, acting: bool = False) -> float:
        """Seconds for `runs` durable runs of a chain, `at_once` at a time; whether its nodes act."""
        name = await self._save(_chain(nodes, acting))
        begun, left = time.perf_counter(), iter(range(runs))

        async def some() -> None:
            for _ in left:
                await self._run(name, {}, nodes)

        await asyncio.gather(*(some() for _ in range(at_once)))
        return time.perf_counter() - begun

    async def turns(self, turns: int, text: str) -> list[float]:
        """Milliseconds of each turn of one thread."""
        name, thread = await self._save(toolchains.conversation()), new_id()
        return [await self._run(name, {"text": text}, 2 * turn, thread) for turn in range(1, turns + 1)]

    async def compile(self, repeats: int) -> dict[str, list[float]]:
        """Milliseconds from JSON to a compiled graph: reading, checking, planning, and LangGraph's own compilation."""
        made = {"straight": toolchains.chain(100), "fans": toolchains.fans(25)}
        took: dict[str, list[float]] = {shape: [] for shape in made}
        for number in range(repeats):
            for shape, definition in made.items():
                # Another title is another toolchain: nothing is found that was compiled before.
                text = orjson.dumps(definition | {"title": f"Number {number}"})
                begun = time.perf_counter()
                self._composer.programs.of(orjson.loads(text)).main.graph  # noqa: B018 - compiled when first asked for
                took[shape].append((time.perf_counter() - begun) * 1000)
        return took

    async def overhead(self, nodes: int, runs: int) -> dict[str, float]:
        """Microseconds a node of a chain of which nothing is stored: ours, and raw LangGraph in this same process."""
        program = self._composer.programs.of(toolchains.chain(nodes, durable=False))
        raw = langgraph_chain.chain(nodes).compile()
        config = {"recursion_limit": nodes + 5}

        async def ours() -> int:
            return (await run_unrecorded(self._ctx, program, {}))["n"]

        async def theirs() -> int:
            return (await raw.ainvoke({"n": 0}, config))["n"]

        took: dict[str, float] = {}
        for name, run in (("ours", ours), ("peer", theirs)):
            begun = time.perf_counter()
            for _ in range(runs):
                _check(await run(), nodes)
            took[name] = (time.perf_counter() - begun) * 1e6 / runs / nodes
        return took

    async def begin_traced(self, runs: int, apart: float) -> list[str]:
        """Begins traced runs, `apart` seconds from one to the next, and does not wait for them."""
        name = await self._save(toolchains.traced(NODES, trace_step.__name__))
        names: list[str] = []
        for _ in range(runs):
            names.append(str(await self._composer.start(self._ctx, name, {})))
            await asyncio.sleep(apart)
        return names

    async def recorded(self, names: list[str]) -> dict[str, list[int]]:
        """The nodes of each run whose results are recorded."""
        found: dict[str, list[int]] = {}
        for name in names:
            run = await self._ctx.storage.runs.detail(self._ctx.user.key, UUID(name))
            steps = await self._ctx.storage.steps.list(run.id) if run else []
            found[name] = [int(step.key.removeprefix("node")) for step in steps]
        return found

    async def resume_traced(self, names: list[str]) -> dict[str, Any]:
        """Takes the runs over as soon as their process counts as dead, and carries them to their ends: of each its
        result."""
        return dict(zip(names, await asyncio.gather(*(self._resumed(UUID(name)) for name in names)), strict=True))

    async def _resumed(self, uid: UUID) -> Any:
        offering = asyncio.create_task(self._offer(uid))
        try:
            return _number_of(await self._composer.result(self._ctx, uid))
        finally:
            offering.cancel()

    async def _offer(self, uid: UUID) -> None:
        while True:
            self._composer.carry(uid)
            await asyncio.sleep(_OFFER_SECONDS)

    async def _save(self, definition: dict[str, Any]) -> str:
        name: str = definition["id"]
        if name not in self._saved:
            self._saved.add(name)
            async with self._ctx.storage.transaction() as work:
                await work.toolchains.save(self._ctx.user.key, name, new_id().bytes * 2, definition)
        return name

    async def _run(self, name: str, given: dict[str, Any], expected: int, thread: UUID | None = None) -> float:
        begun = time.perf_counter()
        uid = await self._composer.start(self._ctx, name, given, thread=thread)
        result = await self._composer.result(self._ctx, uid)
        took = (time.perf_counter() - begun) * 1000
        _check(_number_of(result), expected)
        return took


def _chain(nodes: int, acting: bool) -> dict[str, Any]:
    return toolchains.acting(nodes, act_on_nothing.__name__) if acting else toolchains.chain(nodes)


def _number_of(result: RunToolchainResult) -> Any:
    return result.output["n"] if result.output else result.error


def _check(found: Any, expected: int) -> None:
    if found != expected:
        raise RuntimeError(f"a run gave {found!r} instead of {expected}")


async def main(url: str, home: Path) -> None:
    """Obeys until stdin ends."""
    async with _opened(url, home) as ours:
        await obey(
            {
                "alone": ours.alone,
                "many": ours.many,
                "turns": ours.turns,
                "compile": ours.compile,
                "overhead": ours.overhead,
                "begin_traced": ours.begin_traced,
                "recorded": ours.recorded,
                "resume_traced": ours.resume_traced,
            }
        )


@asynccontextmanager
async def _opened(url: str, home: Path) -> AsyncGenerator[Ours]:
    storage, listener, runner = await open_storage(url), Listener(url), FakeRunner()
    await listener.start()
    composer = Composer(storage, listener)
    async with aiohttp.ClientSession() as http:
        # The limit of one user's runs is no part of what is measured.
        settings = Settings(home=home, runs_per_user=1000)
        base = Context(storage, runner, open_objects("", home), http, settings, launch=composer)
        composer.open(base)
        yield Ours(composer, replace(base, caller=await _caller(storage)))
        await composer.close()
    await runner.close()
    await listener.close()
    await storage.close()


async def _caller(storage: Storage) -> Caller:
    found = await storage.accounts.credentials(USER)
    if found is None:
        await storage.accounts.create(new_id(), USER, "cannot log in", is_admin=False)
        found = await storage.accounts.credentials(USER)
        assert found
    return Caller(found[0].id, str(found[0].user_id), USER, is_admin=False)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
