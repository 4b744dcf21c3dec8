"""What docs/toolchains.md and toolchains/ show is without faults."""

from __future__ import annotations

import re
from pathlib import Path

import orjson

from inference.composer import check_toolchain, shipped_toolchains

PAGE = Path(__file__).parents[3] / "docs" / "toolchains.md"


def test_examples_in_the_documentation_have_no_faults() -> None:
    examples = [orjson.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), re.S | re.M)]
    assert examples
    assert [check_toolchain(example)[1] for example in examples] == [[]] * len(examples)


def test_shipped_toolchains_have_no_faults() -> None:
    assert {name: check_toolchain(definition)[1] for name, definition in shipped_toolchains().items()} == {
        name: []
        for name in (
            "chat", "extract", "ingest_document", "rag", "research", "self_guided_rag", "summarize_document",
        )
    }  # fmt: skip
