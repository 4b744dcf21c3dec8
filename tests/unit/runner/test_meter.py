"""Measurements that fail: the pool hears of the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from inference.runner import meter as metering
from inference.runner.gauge import Gauge, Reading, Root
from inference.runner.messages import Measured, Message
from inference.runner.meter import Meter


async def test_memory_that_cannot_be_measured_is_told_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fails = [True, True, False, True, False]
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    gauge = Gauge(None)
    meter = Meter(inbox, gauge)
    read = gauge.read

    def sometimes(roots: Mapping[str, Root]) -> Reading:
        if fails and fails.pop(0):
            raise ZeroDivisionError("nobody has thought of this")
        return read(roots)

    monkeypatch.setattr(gauge, "read", sometimes)
    monkeypatch.setattr(metering, "SAMPLE_SECONDS", 0)
    await meter.fresh_reading()
    assert meter.reading is None
    sampling = asyncio.create_task(meter.sample())
    async with asyncio.timeout(20):
        for _ in range(2):
            assert isinstance(await inbox.get(), Measured)
    sampling.cancel()
    await meter.close()
    assert [entry.message.partition(";")[0] for entry in caplog.records] == ["memory cannot be measured"] * 2
