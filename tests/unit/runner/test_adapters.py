"""Adapters: models of their own name, on the engine of another."""

from __future__ import annotations

import asyncio

from inference.models.models import LoraEntry, ModelEntry, Price
from inference.runner import FakeRunner, leased

ENTRY = ModelEntry(
    id="base", kind="chat", engine="vllm", source="x", lora=[LoraEntry(id="changed", source="y")],
    description="A base.", price=Price(input=1, output=2, currency="EUR"),
)  # fmt: skip


async def test_an_adapter_leases_its_base_and_is_told_its_own_name() -> None:
    runner = FakeRunner(models=[ENTRY])
    async with leased(runner, "changed") as changed, leased(runner, "base") as base:
        assert (changed.model, base.model) == ("changed", "base")
        assert (changed.base_url, changed.headers) == (base.base_url, base.headers)
        models = {model.id: model for model in await runner.models()}
        assert [len(models[name].leases) for name in ("base", "changed")] == [2, 0]
        assert (models["changed"].adapter_of, models["changed"].state) == ("base", "ready")
        assert (models["base"].adapter_of, models["changed"].memory_mb) == (None, 0)
        assert models["base"].price == models["changed"].price == ENTRY.price
    assert (await runner.unload("base")).leases == []
    async with leased(runner, "changed") as again:
        assert again.base_url != changed.base_url
    await runner.close()


async def test_what_is_announced_by_an_adapter_s_name_loads_its_base() -> None:
    runner = FakeRunner(models=[ENTRY])
    runner.announce(["changed"])
    async with asyncio.timeout(10):
        while {model.id: model.state for model in await runner.models()}["base"] != "ready":  # noqa: ASYNC110 - no event
            await asyncio.sleep(0)
    await runner.close()
