"""Files of a model brought here from a hub that breaks off, lies about ranges and sends something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from inference.runner.pulling import Puller
from tests.fake_hub import CONFIG, WEIGHTS, FakeHub
from tests.unit.runner.pulls import ORDER, ended, half_done, half_file, names


async def test_a_broken_connection_goes_on_where_it_was(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    async def breaks(request: web.Request) -> web.StreamResponse | None:
        if request.headers.get("Range"):
            return None
        response = web.StreamResponse(headers={"Content-Length": str(len(WEIGHTS))})
        await response.prepare(request)
        await response.write(WEIGHTS[:300_000])
        assert request.transport
        request.transport.close()
        return response

    hub.instead["model.safetensors"] = breaks
    done = await ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert hub.asked[0] == ("config.json", "")
    assert hub.asked[-1] == ("model.safetensors", "bytes=300000-")
    assert (Path(done.folder) / "model.safetensors").read_bytes() == WEIGHTS


async def test_what_broke_off_for_good_goes_on_at_the_next_try(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    broken = True

    async def dies(request: web.Request) -> web.StreamResponse | None:
        if not broken:
            return None
        if request.headers.get("Range"):
            return web.Response(status=503)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(WEIGHTS[:1000])
        await response.write_eof()
        return response

    hub.instead["model.safetensors"] = dies
    failed = await ended(pulls, await pulls.start(ORDER))
    assert failed.state == "failed"
    assert "1000 of 1024000 bytes" in (failed.error or "")
    assert "503" in (failed.error or "")
    assert names(failed.folder) == []
    assert half_done(tmp_path) == {"config.json": len(CONFIG), "model.safetensors.part": 1000}
    broken = False
    hub.asked.clear()
    done = await ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert hub.asked == [("model.safetensors", "bytes=1000-")]


async def test_a_hub_without_ranges_sends_all_again(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    half_file(tmp_path, b"something else")

    async def ignores(request: web.Request) -> web.StreamResponse:
        return web.Response(body=WEIGHTS)

    hub.instead["model.safetensors"] = ignores
    done = await ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error


@pytest.mark.parametrize("length", [100, len(WEIGHTS), len(WEIGHTS) + 7])
async def test_a_half_file_of_something_else_costs_a_second_try(
    hub: FakeHub, pulls: Puller, tmp_path: Path, length: int
) -> None:
    half_file(tmp_path, b"x" * length)
    done = await ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert (Path(done.folder) / "model.safetensors").read_bytes() == WEIGHTS


async def test_a_range_that_was_not_asked_for_is_not_taken(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    half_file(tmp_path, WEIGHTS[:500])

    async def shifted(request: web.Request) -> web.StreamResponse | None:
        if not request.headers.get("Range"):
            return None
        return web.Response(status=206, body=WEIGHTS[400:], headers={"Content-Range": f"bytes 400-/{len(WEIGHTS)}"})

    hub.instead["model.safetensors"] = shifted
    done = await ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("model.safetensors", WEIGHTS[:-1] + b"!", "has the checksum"),
        ("config.json", CONFIG[:-1] + b"]", "has the checksum"),
        ("model.safetensors", WEIGHTS + b"!", "longer than the 1024000 bytes"),
    ],
)
async def test_another_file_than_was_promised_is_thrown_away(
    hub: FakeHub, pulls: Puller, tmp_path: Path, path: str, content: bytes, words: str
) -> None:
    async def lies(request: web.Request) -> web.StreamResponse:
        return web.Response(body=content)

    hub.instead[path] = lies
    failed = await ended(pulls, await pulls.start(ORDER))
    assert failed.state == "failed"
    assert words in (failed.error or "")
    assert names(failed.folder) == []
