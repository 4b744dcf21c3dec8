"""Engines in environments of their own: `make test-vllm`, `make test-transformers`. Otherwise they are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wanted = os.environ.get("PENSTOCK_TEST_ENGINES", "")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            engine = item.path.stem.removeprefix("test_")
            if engine not in wanted.split():
                target = "test-vllm" if engine == "vllm" else "test-transformers"
                item.add_marker(pytest.mark.skip(reason=f"make {target} runs it"))
