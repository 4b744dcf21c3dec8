"""Models pulled by a runner in its own process, asked over its control plane; and the fake, which is offline."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from inference.errors import NotFound, Unavailable
from inference.models.pulls import Pull, PullOrder
from inference.runner import FakeRunner, Runner
from tests.fake_hub import WEIGHTS, fake_hub
from tests.runner_process import started

ORDER = PullOrder(source="owner/model")


async def _ended(runner: Runner, pull: Pull) -> Pull:
    async with asyncio.timeout(20):
        while True:
            now = next(each for each in (await runner.pulls()).pulls if each.id == pull.id)
            if now.state not in ("queued", "running"):
                return now
            await asyncio.sleep(0.02)


async def test_a_model_is_pulled_by_the_runner_s_process(tmp_path: Path) -> None:
    async with fake_hub() as hub, started(tmp_path, HF_ENDPOINT=hub.url, HF_TOKEN="hf_secret") as process:
        runner = process.runner
        assert (await runner.pulls()).pulls == []
        done = await _ended(runner, await runner.pull(ORDER))
        assert done.state == "done", done.error
        assert done.folder == str(tmp_path / "models" / "owner" / "model")
        assert _content(done, "model.safetensors") == WEIGHTS
        assert (await runner.cancel_pull(done.id)).state == "done"
        status, told = await process.post("/pulls", b'{"source": "owner/model", "files": [7]}')
        assert (status, told["error"]["field"]) == (422, "files.0")
        with pytest.raises(NotFound, match="fetch_pulls"):
            await runner.cancel_pull("nobody")
        with pytest.raises(NotFound, match="matches"):
            await runner.pull(PullOrder(source="owner/model", files=["*.bin"]))
        status, _ = await process.post("/pulls", b"{}", token="wrong")
        assert status == 401
        assert hub.tokens[0] == "Bearer hf_secret"


def _content(pull: Pull, name: str) -> bytes:
    return (Path(pull.folder) / name).read_bytes()


async def test_offline_is_said_at_once(tmp_path: Path) -> None:
    async with started(tmp_path, HF_HUB_OFFLINE="1") as process:
        fake = FakeRunner()
        for runner in (process.runner, fake):
            with pytest.raises(Unavailable, match="offline"):
                await runner.pull(ORDER)
            assert (await runner.pulls()).pulls == []
            with pytest.raises(NotFound, match="fetch_pulls"):
                await runner.cancel_pull("nobody")
        await fake.close()
