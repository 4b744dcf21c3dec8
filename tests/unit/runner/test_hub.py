"""What a hub tells of a model, and where it leads: a stranger's word, taken with care."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from inference.errors import InvalidInput, NotFound, PenstockError, Unavailable, UpstreamFailed
from inference.models.pulls import PullOrder
from inference.runner.pulling import Hub, Puller
from inference.runner.pulling.choosing import safe
from inference.runner.pulling.hub import Refused, redirected
from tests.fake_hub import COMMIT, WEIGHTS, FakeHub
from tests.unit.runner.pulls import ORDER, ended, names


async def test_names_that_lead_elsewhere_are_not_taken(hub: FakeHub, pulls: Puller, tmp_path: Path) -> None:
    evil = [
        "../../../evil.json", "/etc/evil.json", "a/../../evil.json", "a\\..\\evil.json", ".ssh/evil.json",
        "evil\0.json", "a//evil.json", "./evil.json", "C:evil.json", "x" * 600 + ".json",
        "a/b/c/d/e/f/evil.json", "", "evil\n.json",
    ]  # fmt: skip
    hub.files |= dict.fromkeys(evil, b"{}")
    done = await ended(pulls, await pulls.start(PullOrder(source="owner/model", files=["*"])))
    assert done.state == "done", done.error
    assert sorted(path for path, _ in hub.asked) == ["config.json", "model.safetensors"]
    assert not any(map(safe, evil))
    assert names(tmp_path) == ["models"]


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


async def test_a_redirect_within_the_hub_keeps_the_token_and_is_bounded(hub: FakeHub, pulls: Puller) -> None:
    tokens: list[str | None] = []

    async def moved(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers.get("Authorization"))
        return web.Response(status=302, headers={"Location": "/owner/model/resolve/x/elsewhere"})

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        tokens.append(request.headers.get("Authorization"))
        return hub.answer(request, WEIGHTS)

    hub.instead |= {"model.safetensors": moved, "elsewhere": elsewhere}
    done = await ended(pulls, await pulls.start(ORDER))
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
    failed = await ended(pulls, await pulls.start(ORDER))
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
