"""QueryLake's toolchains: examples in its two formats, and small ones made by a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from inference.composer import check_toolchain
from inference.composer.importing import Imported, import_querylake

EXAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "data" / "querylake").glob("*.json"))}
"""Their files by their names."""
EVENT: dict[str, Any] = {"id": "ask", "input_arguments": [{"key": "question", "from_user": True}], "feed_mappings": []}
"""A node that asks a question."""


def example(name: str) -> dict[str, Any]:
    """One of them as it was exported."""
    return orjson.loads(EXAMPLES[name].read_bytes())


def source(*nodes: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A toolchain of the first format, unless its nodes are of the second."""
    whole: dict[str, Any] = {"name": "Probe", "id": "probe", "category": "Test", "initial_state": {}}
    return whole | {"nodes": list(nodes)} | parts


def node(name: str, *mappings: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A node of the first format."""
    return {"id": name, "input_arguments": [], "feed_mappings": list(mappings)} | parts


def sound(definition: dict[str, Any]) -> Imported:
    """The import, which has to be a toolchain without any fault."""
    imported = import_querylake(definition)
    assert check_toolchain(imported.toolchain)[1] == []
    return imported
