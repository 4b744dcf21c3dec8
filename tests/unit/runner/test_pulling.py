"""Pulls from a hub on this machine that speaks as huggingface.co does, and misbehaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from yarl import URL

from inference.errors import InvalidInput, NotFound, PenstockError, Unavailable, UpstreamFailed
from inference.models.pulls import Pull, PullOrder
from inference.runner.pulling import Hub, Puller, fetching, pull_routes, puller
from inference.runner.pulling.choosing import HubFile, choose, safe
from inference.runner.pulling.hub import Refused, redirected
from tests.fake_hub import COMMIT, CONFIG, WEIGHTS, FakeHub, fake_hub


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[FakeHub]:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    async with fake_hub() as fake:
        yield fake


@pytest.fixture
async def pulls(hub: FakeHub, tmp_path: Path) -> AsyncGenerator[Puller]:
    made = Puller(tmp_path / "models", Hub(hub.url, "hf_secret"))
    yield made
    await made.close()


ORDER = PullOrder(source="owner/model")


async def _ended(pulls: Puller, pull: Pull) -> Pull:
    async with asyncio.timeout(20):
        while True:
            now = next(each for each in pulls.pulls() if each.id == pull.id)
            if now.state not in ("queued", "running"):
                return now
            await asyncio.sleep(0.005)


def _parts(tmp_path: Path) -> dict[str, int]:
    half = tmp_path / "models" / ".pulling"
    return {path.name: path.stat().st_size for path in half.rglob("*") if path.is_file()} if half.is_dir() else {}


def _names(folder: str | Path) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir()) if Path(folder).is_dir() else []


async def test_a_model_is_pulled(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    hub.files |= {"tokenizer.json": b"{}", "pytorch_model.bin": b"pickle", "modeling.py": b"code", "README.md": b""}
    pull = await pulls.start(ORDER)
    assert (pull.state, pull.files_total, pull.bytes_total) == ("queued", 3, len(WEIGHTS) + len(CONFIG) + 2)
    done = await _ended(pulls, pull)
    assert (done.state, done.error, done.files_done) == ("done", None, 3)
    assert done.bytes_done == done.bytes_total
    folder = tmp_path / "models" / "owner" / "model"
    assert done.folder == str(folder)
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert _names(folder) == [".pulled.json", "config.json", "model.safetensors", "tokenizer.json"]
    assert _parts(tmp_path) == {}
    assert hub.tokens == ["Bearer hf_secret"]
    again = await pulls.start(ORDER)
    assert again.state == "done"
    assert len(hub.asked) == 3


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
    done = await _ended(pulls, await pulls.start(ORDER))
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
    failed = await _ended(pulls, await pulls.start(ORDER))
    assert failed.state == "failed"
    assert "1000 of 1024000 bytes" in (failed.error or "")
    assert "503" in (failed.error or "")
    assert _names(failed.folder) == []
    assert _parts(tmp_path) == {"config.json": len(CONFIG), "model.safetensors.part": 1000}
    broken = False
    hub.asked.clear()
    done = await _ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert hub.asked == [("model.safetensors", "bytes=1000-")]


async def test_a_hub_without_ranges_sends_all_again(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    half = tmp_path / "models" / ".pulling" / f"owner--model--{COMMIT}"
    half.mkdir(parents=True)
    (half / "model.safetensors.part").write_bytes(b"something else")

    async def ignores(request: web.Request) -> web.StreamResponse:
        return web.Response(body=WEIGHTS)

    hub.instead["model.safetensors"] = ignores
    done = await _ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error


@pytest.mark.parametrize("length", [100, len(WEIGHTS), len(WEIGHTS) + 7])
async def test_a_half_file_of_something_else_costs_a_second_try(
    hub: FakeHub, pulls: Puller, tmp_path: Path, length: int
) -> None:
    half = tmp_path / "models" / ".pulling" / f"owner--model--{COMMIT}"
    half.mkdir(parents=True)
    (half / "model.safetensors.part").write_bytes(b"x" * length)
    done = await _ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert (Path(done.folder) / "model.safetensors").read_bytes() == WEIGHTS


async def test_a_range_that_was_not_asked_for_is_not_taken(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    half = tmp_path / "models" / ".pulling" / f"owner--model--{COMMIT}"
    half.mkdir(parents=True)
    (half / "model.safetensors.part").write_bytes(WEIGHTS[:500])

    async def shifted(request: web.Request) -> web.StreamResponse | None:
        if not request.headers.get("Range"):
            return None
        return web.Response(status=206, body=WEIGHTS[400:], headers={"Content-Range": f"bytes 400-/{len(WEIGHTS)}"})

    hub.instead["model.safetensors"] = shifted
    done = await _ended(pulls, await pulls.start(ORDER))
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
    failed = await _ended(pulls, await pulls.start(ORDER))
    assert failed.state == "failed"
    assert words in (failed.error or "")
    assert _names(failed.folder) == []


async def test_names_that_lead_elsewhere_are_not_taken(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    evil = [
        "../../../evil.json", "/etc/evil.json", "a/../../evil.json", "a\\..\\evil.json", ".ssh/evil.json",
        "evil\0.json", "a//evil.json", "./evil.json", "C:evil.json", "x" * 600 + ".json",
        "a/b/c/d/e/f/evil.json", "", "evil\n.json",
    ]  # fmt: skip
    hub.files |= dict.fromkeys(evil, b"{}")
    done = await _ended(pulls, await pulls.start(PullOrder(source="owner/model", files=["*"])))
    assert done.state == "done", done.error
    assert sorted(path for path, _ in hub.asked) == ["config.json", "model.safetensors"]
    assert not any(map(safe, evil))
    assert _names(tmp_path) == ["models"]


@pytest.mark.parametrize(
    "told",
    [
        {"size": 1 << 60},
        {"size": -1},
        {"size": True},
        {"size": None},
        {"lfs": {"sha256": "x" * 64}},
        {"lfs": {"sha256": None}},
        {"lfs": []},
        {"rfilename": 7},
    ],
)
async def test_a_file_of_which_nonsense_is_told_is_no_file(hub: FakeHub, pulls: Puller, told: dict[str, Any]) -> None:
    hub.told["model.safetensors"] = told
    with pytest.raises(NotFound, match="no weights"):
        await pulls.start(ORDER)


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


async def test_a_redirect_within_the_hub_keeps_the_token_and_is_bounded(hub: FakeHub, pulls: Puller) -> None:
    tokens: list[str | None] = []

    async def moved(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers.get("Authorization"))
        return web.Response(status=302, headers={"Location": "/owner/model/resolve/x/elsewhere"})

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers.get("Authorization"))
        return hub.answer(request, WEIGHTS)

    hub.instead |= {"model.safetensors": moved, "elsewhere": elsewhere}
    done = await _ended(pulls, await pulls.start(ORDER))
    assert done.state == "done", done.error
    assert tokens == ["Bearer hf_secret"] * 2


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/owner/model/resolve/x/model.safetensors", "redirects more than 5 times"),
        ("http://example.org/x", "not https"),
        ("ftp://example.org/x", "not https"),
        ("file:///etc/passwd", "no address"),
        ("https://10.0.0.1/x", "not on the internet"),
        ("https://169.254.169.254/latest/meta-data", "not on the internet"),
        ("https://[::1]/x", "not on the internet"),
        ("https://[::ffff:10.0.0.1]/x", "not on the internet"),
        ("https://[64:ff9b::a00:1]/x", "not on the internet"),
        ("https://[2002:a00:1::]/x", "not on the internet"),
        ("https://localhost/x", "not on the internet"),
        ("https://user:password@example.org/x", "no address"),
        ("", "no address"),
    ],
)
async def test_a_redirect_that_leads_elsewhere_is_refused(
    hub: FakeHub, pulls: Puller, location: str, words: str
) -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    hub.instead["model.safetensors"] = moved
    failed = await _ended(pulls, await pulls.start(ORDER))
    assert failed.state == "failed"
    assert words in (failed.error or "")
    assert "hf_secret" not in (failed.error or "")


def test_where_a_redirect_may_lead() -> None:
    hub = URL("https://hub.example/x")
    assert (
        str(redirected(hub, hub, "https://cdn.example.org/a%2Fb?sig=1%2B2"))
        == "https://cdn.example.org/a%2Fb?sig=1%2B2"
    )
    assert str(redirected(hub, hub / "y", "/z")) == "https://hub.example/z"
    with pytest.raises(Refused, match="not https"):
        redirected(hub, hub, "http://hub.example/downgraded")


async def test_offline_is_said_at_once(tmp_path: Path, unused_tcp_port: int) -> None:
    for hub, words in (
        (Hub(f"http://127.0.0.1:{unused_tcp_port}"), "cannot be reached .* offline"),
        (Hub("http://127.0.0.1:1", offline=True), "set to be offline"),
    ):
        pulls = Puller(tmp_path, hub)
        with pytest.raises(Unavailable, match=words):
            await pulls.start(ORDER)
        await pulls.close()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"", NotFound),
        (401, b"", NotFound),
        (403, b"", NotFound),
        (429, b"", Unavailable),
        (500, b"", UpstreamFailed),
        (200, b"<html>", UpstreamFailed),
        (200, b"[" * 100_000, UpstreamFailed),
        (200, b'{"sha": "../../x", "siblings": []}', UpstreamFailed),
        (200, json.dumps({"sha": COMMIT, "siblings": {}}).encode(), UpstreamFailed),
        (200, json.dumps({"sha": COMMIT, "siblings": [None, 7, []]}).encode(), NotFound),
    ],
)
async def test_a_hub_that_tells_nothing(
    hub: FakeHub, pulls: Puller, status: int, body: bytes, error: type[PenstockError]
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body)

    hub.listing = answer
    with pytest.raises(error):
        await pulls.start(ORDER)


async def test_a_listing_without_end_is_cut_off(hub: FakeHub, pulls: Puller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.runner.pulling.hub.MAX_LISTING_BYTES", 1000)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b" " * 5000)

    hub.listing = answer
    with pytest.raises(UpstreamFailed, match="longer than 1000 bytes"):
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
    assert _parts(tmp_path) == {}
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
    assert "config.json" in _parts(tmp_path)


async def test_another_commit_takes_the_place_of_the_old_one(hub: FakeHub, pulls: Puller) -> None:
    first = await _ended(pulls, await pulls.start(ORDER))
    hub.commit = "f" * 40
    hub.files = {"model.safetensors": b"new", "tokenizer.json": b"{}"}
    second = await _ended(pulls, await pulls.start(ORDER))
    assert second.state == "done", second.error
    assert first.folder == second.folder
    assert _names(second.folder) == [".pulled.json", "model.safetensors", "tokenizer.json"]


async def test_more_of_the_same_commit_is_added(hub: FakeHub, pulls: Puller) -> None:
    hub.files = {"a-Q4.gguf": b"four", "a-Q8.gguf": b"eight"}
    for pattern in ("*Q4*", "*Q8*"):
        done = await _ended(pulls, await pulls.start(PullOrder(source="owner/model", files=[pattern])))
        assert done.state == "done", done.error
    assert _names(done.folder) == [".pulled.json", "a-Q4.gguf", "a-Q8.gguf"]


async def test_a_folder_that_somebody_made_is_left_alone(pulls: Puller, tmp_path: Path) -> None:
    own = tmp_path / "models" / "owner" / "model"
    own.mkdir(parents=True)
    (own / "mine").touch()
    with pytest.raises(InvalidInput, match="was not pulled"):
        await pulls.start(ORDER)
    assert (own / "mine").exists()


@pytest.mark.parametrize("source", ["a/..", "a/b..c", "a/b.", "..a/b"])
async def test_a_source_that_is_no_name(pulls: Puller, source: str) -> None:
    with pytest.raises(InvalidInput, match="owner/name"):
        await pulls.start(PullOrder.model_construct(source=source, revision="main", files=[]))


@pytest.mark.parametrize("revision", ["a..b", "a//b", "a/"])
async def test_a_revision_that_is_no_name(pulls: Puller, revision: str) -> None:
    with pytest.raises(InvalidInput, match="revision"):
        await pulls.start(PullOrder(source="owner/model", revision=revision))


@pytest.mark.parametrize("endpoint", ["ftp://hub", "hub.example", "", "https://u:p@hub", "https://hub?x=1", "http://"])
def test_an_endpoint_that_is_none(endpoint: str) -> None:
    with pytest.raises(InvalidInput, match="HF_ENDPOINT"):
        Hub(endpoint)


class TestChoosing:
    def _paths(self, *paths: str, patterns: tuple[str, ...] = ()) -> list[str]:
        return [file.path for file in choose([HubFile(path, 1, blob="x") for path in paths], patterns)]

    def test_safetensors_go_before_everything(self) -> None:
        assert self._paths(
            "model.safetensors", "consolidated.safetensors", "m.gguf", "onnx/model.onnx", "config.json", "merges.txt",
            "tokenizer.model", "1_Pooling/config.json", "original/params.json", "weights.model", "README.md",
        ) == ["1_Pooling/config.json", "config.json", "merges.txt", "model.safetensors", "tokenizer.model"]  # fmt: skip

    def test_one_gguf_and_its_parts(self) -> None:
        assert self._paths("m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "config.json") == [
            "m-00001-of-00002.gguf", "m-00002-of-00002.gguf",
        ]  # fmt: skip
        with pytest.raises(InvalidInput, match=r"Q4.*There are: m-Q4\.gguf, m-Q8\.gguf"):
            self._paths("m-Q4.gguf", "m-Q8.gguf")
        assert self._paths("m-Q4.gguf", "m-Q8.gguf", patterns=("*Q8*",)) == ["m-Q8.gguf"]

    def test_a_graph(self) -> None:
        assert self._paths("onnx/model.onnx", "onnx/model_quantized.onnx", "config.json") == [
            "config.json", "onnx/model.onnx",
        ]  # fmt: skip

    @pytest.mark.parametrize("pattern", ["*.bin", "*.py", "pytorch_model.bin", "*"])
    def test_no_pattern_takes_pickles_or_code(self, pattern: str) -> None:
        with pytest.raises(NotFound, match="nothing"):
            self._paths("pytorch_model.bin", "model.pt", "x.py", "x.so", "x.pkl", patterns=(pattern,))


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
        await _ended(pulls, pull)
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
