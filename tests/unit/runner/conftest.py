"""A hub that misbehaves when a test says so, and somebody who pulls from it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from inference.runner.pulling import Hub, Puller, fetching
from tests.fake_hub import FakeHub, fake_hub


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
