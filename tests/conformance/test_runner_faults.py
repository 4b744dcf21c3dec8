"""Deaths, and memory that is too small, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from inference.errors import Conflict, InvalidInput, NotFound, Unavailable
from inference.models.models import Model, ModelChange, ModelEntry
from inference.runner import DEFAULT_EMBEDDER, Runner, connect, embed
from tests.runner_process import Process, started
from tests.tiny_models import write_embedder

HOLDER = """
import asyncio, sys
from inference.runner import connect
async def main():
    runner = connect(sys.argv[1], sys.argv[2], "holder")
    await runner.lease("all-MiniLM-L6-v2")
    print("held", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, since the embedder's graph is made in it once; every test leaves it as it was."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def tiny(home: Path) -> ModelEntry:
    write_embedder(home / "tiny")
    return ModelEntry(id="tiny", kind="embedding", engine="onnx", source="tiny")


async def _model(runner: Runner, model: str) -> Model:
    (found,) = [one for one in await runner.models() if one.id == model]
    return found


async def _until(runner: Runner, model: str, holders: list[str]) -> None:
    async with asyncio.timeout(20):
        while True:
            if [lease.holder for lease in (await _model(runner, model)).leases] == holders:
                return
            await asyncio.sleep(0.05)


async def test_the_leases_of_a_killed_holder_end_with_it(home: Path) -> None:
    async with started(home) as process:
        holder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOLDER, process.url, process.token, stdout=asyncio.subprocess.PIPE
        )
        assert holder.stdout
        assert await holder.stdout.readline() == b"held\n"
        await _until(process.runner, DEFAULT_EMBEDDER, ["holder"])
        holder.kill()
        await holder.wait()
        await _until(process.runner, DEFAULT_EMBEDDER, [])


async def test_a_runner_that_was_killed_is_found_again_by_its_clients(home: Path) -> None:
    async with started(home) as process:
        await embed(process.runner, DEFAULT_EMBEDDER, ["before"])
        process.handle.kill()
        await process.handle.wait()
        with pytest.raises(Unavailable):
            await embed(process.runner, DEFAULT_EMBEDDER, ["nobody is there"])
        told = {
            "PENSTOCK_HOME": str(home),
            "PENSTOCK_RUNNER_URL": process.url,
            "PENSTOCK_RUNNER_TOKEN": process.token,
        }
        again = await asyncio.create_subprocess_exec(sys.executable, "-m", "inference.runner", env=os.environ | told)
        try:
            async with asyncio.timeout(60):
                while True:
                    try:
                        assert (await embed(process.runner, DEFAULT_EMBEDDER, ["after"])).shape == (1, 384)
                        break
                    except Unavailable:
                        await asyncio.sleep(0.1)
        finally:
            again.send_signal(signal.SIGTERM)
            await again.wait()


async def test_where_no_model_fits_both_figures_are_told(home: Path) -> None:
    async with started(home, PENSTOCK_MEMORY_MB="40") as process:
        with pytest.raises(Unavailable, match=r"needs \d+ MiB, and models can have 40 MiB"):
            await process.runner.lease(DEFAULT_EMBEDDER)
        assert process.engines() == []


async def test_two_models_take_turns_where_there_is_room_for_one(home: Path, tiny: ModelEntry) -> None:
    async with started(home, PENSTOCK_MEMORY_MB="260") as process:
        await process.runner.add(tiny)
        other = connect(process.url, process.token, "other")
        for _ in range(2):
            assert (await embed(process.runner, DEFAULT_EMBEDDER, ["pump"])).shape == (1, 384)
            assert (await embed(other, "tiny", ["pump"])).shape == (1, 48)
            states = {model.id: model.state for model in await process.runner.models()}
            assert (states[DEFAULT_EMBEDDER], states["tiny"]) == ("off", "ready")
        await other.close()
        text = await process.runner.metrics()
        assert f'penstock_model_evictions_total{{model="{DEFAULT_EMBEDDER}"}} 2' in text
        assert 'penstock_model_bytes{model="tiny",device="cpu"}' in text
        await process.runner.remove("tiny")


async def test_models_are_added_changed_and_taken_away_without_a_restart_and_stay(home: Path, tiny: ModelEntry) -> None:
    async with started(home) as process:
        runner = process.runner
        assert (await runner.add(tiny)).state == "off"
        assert (await embed(runner, "tiny", ["pump"])).shape == (1, 48)
        with pytest.raises(Conflict, match="already"):
            await runner.add(tiny)
        with pytest.raises(InvalidInput, match="nowhere") as refused:
            await runner.add(tiny.model_copy(update={"id": "other", "source": "nowhere"}))
        assert [fault.path for fault in refused.value.faults or []] == ["source"]
        with pytest.raises(Conflict, match="built in"):
            await runner.remove(DEFAULT_EMBEDDER)
        (home / "models.yaml").write_text("models: [{half written")  # it is read at the start alone
        changed = await runner.modify(ModelChange(model=DEFAULT_EMBEDDER, pin=True, priority=3))
        assert (changed.pin, changed.priority) == (True, 3)
        assert await runner.faults() == []
        (home / "models.yaml").unlink()
        assert "starting tiny" in (await runner.log("tiny", 10)).lines[0]
    async with started(home) as process:
        runner = process.runner
        assert (await _model(runner, "tiny")).added
        assert (await runner.load(DEFAULT_EMBEDDER)).pin  # it was loaded at the start already
        assert (await runner.modify(ModelChange(model=DEFAULT_EMBEDDER, pin=False))).priority == 3
        await runner.remove("tiny")
        for gone in (runner.lease, runner.remove, runner.load):
            with pytest.raises(NotFound):
                await gone("tiny")
        await runner.add(tiny)
        await embed(runner, "tiny", ["pump"])
        assert (await runner.log("tiny", 10)).lines
        await runner.remove("tiny")
        await runner.add(tiny)
        assert (await runner.log("tiny", 10)).lines == [], "what the one before wrote went with it"
        await runner.remove("tiny")


async def test_who_watches_is_told_of_everything_and_then_of_changes(home: Path) -> None:
    async with started(home) as process:
        events = process.runner.events()
        first, second = await anext(events), await anext(events)
        assert first
        assert second
        assert (first.name, second.name) == ("models", "memory")
        assert first.models
        assert second.memory
        assert second.memory.devices[0].budget_mb
        loading = asyncio.create_task(process.runner.load(DEFAULT_EMBEDDER))
        states: list[str] = []
        async with asyncio.timeout(60):
            while "ready" not in states:
                event = await anext(events)
                if event and event.model and event.model.id == DEFAULT_EMBEDDER:
                    states.append(event.model.state)
        await loading
        await events.aclose()


async def test_the_channel_wants_the_token_and_words_that_it_knows(home: Path) -> None:
    async with started(home) as process, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{process.url}/channel")
        for said in ("nonsense", "[]", '{"lease": "x"}', '{"used": {"1": [-1, 2]}}'):
            headers = {"Authorization": f"Bearer {process.token}"}
            async with session.ws_connect(f"{process.url}/channel", headers=headers) as socket:
                await socket.send_str(said)
                assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        assert await _leases_of_all(process) == 0


async def _leases_of_all(process: Process) -> int:
    return sum(len(model.leases) for model in await process.runner.models())
