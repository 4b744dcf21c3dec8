"""The checkpoint saver against LangGraph's own suite: every capability, none skipped."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from langgraph.checkpoint.conformance import checkpointer_test, validate
from langgraph.checkpoint.conformance.capabilities import Capability

from db import Storage, open_checkpoints
from db.checkpoints import CheckpointSaver


@pytest.mark.parametrize("capability", list(Capability), ids=lambda capability: capability.value)
async def test_capability(storage: Storage, capability: Capability) -> None:
    async def opened() -> AsyncGenerator[CheckpointSaver]:
        saver = open_checkpoints(storage.pool)
        yield saver
        await saver.close()

    report = await validate(checkpointer_test(name="penstock")(opened), capabilities={capability.value})
    result = report.results[capability.value]
    print(f"{capability.value}: {result.tests_passed} passed")
    assert result.failures == []
    assert result.detected
    assert (result.tests_passed > 0, result.tests_failed, result.tests_skipped) == (True, 0, 0)
