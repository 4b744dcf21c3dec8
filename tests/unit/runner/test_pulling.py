"""Pulls from a hub on this machine that speaks as huggingface.co does, and misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from inference.errors import InvalidInput, NotFound, PenstockError, Unavailable
from inference.models.pulls import Pull, PullOrder
from inference.runner.pulling import Puller, pull_routes, puller
from tests.fake_hub import CONFIG, WEIGHTS, FakeHub
from tests.unit.runner.pulls import ORDER, ended, half_done, names


async def test_a_model_is_pulled(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    hub.files |= {"tokenizer.json": b"{}", "pytorch_model.bin": b"pickle", "modeling.py": b"code", "README.md": b""}
    pull = await pulls.start(ORDER)
    assert (pull.state, pull.files_total, pull.bytes_total) == ("queued", 3, len(WEIGHTS) + len(CONFIG) + 2)
    done = await ended(pulls, pull)
    assert (done.state, done.error, done.files_done) == ("done", None, 3)
    assert done.bytes_done == done.bytes_total
    folder = tmp_path / "models" / "owner" / "model"
    assert done.folder == str(folder)
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert names(folder) == [".pulled.json", "config.json", "model.safetensors", "tokenizer.json"]
    assert half_done(tmp_path) == {}
    assert hub.tokens == ["Bearer hf_secret"]
    again = await pulls.start(ORDER)
    assert again.state == "done"
    assert len(hub.asked) == 3


async def test_a_terabyte_does_not_begin(hub: FakeHub, pulls: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.told["model.safetensors"] = {"size": 1 << 45}
    with pytest.raises(Unavailable, match=r"35184\.4 GB more on a disk"):
        await pulls.start(ORDER)
    assert hub.asked == []
    assert pulls.pulls() == []
    monkeypatch.setattr(puller, "RESERVE_BYTES", 1 << 60)
    hub.told.clear()
    with pytest.raises(Unavailable, match="are left to everything else"):
        await pulls.start(ORDER)


async def test_a_pull_is_cancelled_and_leaves_nothing(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    stalled = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(WEIGHTS[:1000])
        stalled.set()
        await hub.over.wait()
        return response

    hub.instead["model.safetensors"] = stalls
    pull, same = await asyncio.gather(pulls.start(ORDER), pulls.start(ORDER))
    assert same is pull
    waiting = await pulls.start(PullOrder(source="owner/model", files=["*.json"]))
    await stalled.wait()
    assert [each.state for each in pulls.pulls()] == ["queued", "running"]
    assert pulls.pulls()[1].file == "model.safetensors"
    assert (await pulls.cancel(waiting.id)).state == "cancelled"
    assert (await pulls.cancel(pull.id)).state == "cancelled"
    assert (await pulls.cancel(pull.id)).state == "cancelled"
    assert half_done(tmp_path) == {}
    with pytest.raises(NotFound, match="fetch_pulls"):
        await pulls.cancel("nobody")


async def test_a_stopping_runner_keeps_what_it_has(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    stalled = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        stalled.set()
        await hub.over.wait()
        return web.Response()

    hub.instead["model.safetensors"] = stalls
    await pulls.start(ORDER)
    await stalled.wait()
    await pulls.close()
    assert "config.json" in half_done(tmp_path)


async def test_another_commit_takes_the_place_of_the_old_one(hub: FakeHub, pulls: Puller) -> None:
    first = await ended(pulls, await pulls.start(ORDER))
    hub.commit = "f" * 40
    hub.files = {"model.safetensors": b"new", "tokenizer.json": b"{}"}
    second = await ended(pulls, await pulls.start(ORDER))
    assert second.state == "done", second.error
    assert first.folder == second.folder
    assert names(second.folder) == [".pulled.json", "model.safetensors", "tokenizer.json"]


async def test_more_of_the_same_commit_is_added(hub: FakeHub, pulls: Puller) -> None:
    hub.files = {"a-Q4.gguf": b"four", "a-Q8.gguf": b"eight"}
    for pattern in ("*Q4*", "*Q8*"):
        done = await ended(pulls, await pulls.start(PullOrder(source="owner/model", files=[pattern])))
        assert done.state == "done", done.error
    assert names(done.folder) == [".pulled.json", "a-Q4.gguf", "a-Q8.gguf"]


async def test_a_folder_that_somebody_made_is_left_alone(pulls: Puller, tmp_path: Path) -> None:
    own = tmp_path / "models" / "owner" / "model"
    own.mkdir(parents=True)
    (own / "mine").touch()
    with pytest.raises(InvalidInput, match="was not pulled"):
        await pulls.start(ORDER)
    assert (own / "mine").exists()


async def test_over_the_control_plane(hub: FakeHub, pulls: Puller) -> None:
    @web.middleware
    async def errors(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            return await handler(request)
        except PenstockError as error:
            return web.json_response({"message": error.message, "field": error.field}, status=error.status)

    app = web.Application(middlewares=[errors])
    app.add_routes(pull_routes(pulls))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession() as session:
        async with session.post(f"{url}/pulls", json={"source": "owner/model"}) as answer:
            pull = Pull.model_validate(await answer.json())
        await ended(pulls, pull)
        async with session.get(f"{url}/pulls") as answer:
            assert [each["state"] for each in (await answer.json())["pulls"]] == ["done"]
        async with session.post(f"{url}/pulls/cancel", json={"pull_id": pull.id}) as answer:
            assert (await answer.json())["state"] == "done"
        for body in (
            b"{",
            b"[]",
            b'{"source": "../x/y"}',
            b'{"source": "a/b", "files": 7}',
            b'{"source": "a/b", "x": 1}',
        ):
            async with session.post(f"{url}/pulls", data=body) as answer:
                assert answer.status == 422
    await runner.cleanup()
