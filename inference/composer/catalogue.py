"""Toolchains by id: the user's own, and those that ship with the product."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from db import SavedToolchain, Storage
from inference.composer.scope import Graph
from inference.composer.validation import read_toolchain
from inference.errors import NotFound
from inference.functions import Caller
from inference.models.toolchain import Toolchain
from inference.settings import shipped

SHIPPED_VERSION = 1


def digest(definition: dict[str, Any]) -> bytes:
    """The SHA-256 of a definition as it is written: the order of keys counts."""
    return hashlib.sha256(orjson.dumps(definition)).digest()


@cache
def shipped_toolchains() -> dict[str, dict[str, Any]]:
    """The definitions in `toolchains/*.json` by id."""
    definitions = [orjson.loads(path.read_bytes()) for path in sorted(shipped("toolchains").glob("*.json"))]
    return {definition["id"]: definition for definition in definitions}


async def find_toolchain(
    storage: Storage, caller: Caller, toolchain_id: str, version: int | None = None
) -> SavedToolchain:
    """The caller's toolchain of this id, or the shipped one. Raises NotFound."""
    saved = await storage.toolchains.get(caller.key, toolchain_id, version)
    if saved:
        return saved
    definition = shipped_toolchains().get(toolchain_id)
    if definition is None or version not in (None, SHIPPED_VERSION):
        which = f" with version {version}" if version is not None else ""
        raise NotFound(
            f"There is no toolchain {toolchain_id[:80]!r}{which}. get_available_toolchains lists them.",
            field="toolchain_id",
        )
    return SavedToolchain(toolchain_id, SHIPPED_VERSION, definition)


class CompiledToolchains:
    """Toolchains and their graphs by the hash of their text, the last used ones kept."""

    def __init__(self, keep: int = 256) -> None:
        self._keep = keep
        self._compiled: dict[bytes, tuple[Toolchain, Graph]] = {}

    def get(self, key: bytes, definition: dict[str, Any]) -> tuple[Toolchain, Graph]:
        """Raises InvalidInput when the definition has faults."""
        found = self._compiled.pop(key, None)
        if found is None:
            toolchain = read_toolchain(definition)
            found = toolchain, _compiler()(toolchain)
        self._compiled[key] = found
        if len(self._compiled) > self._keep:
            del self._compiled[next(iter(self._compiled))]
        return found


def is_chat(definition: dict[str, Any]) -> bool:
    """Whether it can be talked to: it takes a `question`, and streams an answer."""
    return "question" in definition.get("input", {}).get("properties", {}) and bool(definition.get("stream"))


def _compiler() -> Callable[[Toolchain], Graph]:
    """LangGraph takes more than a second to import: a process can serve in the meantime."""
    from inference.composer.compiler import compile_toolchain  # noqa: PLC0415

    return compile_toolchain


def warm_up() -> None:
    """Does what the first compilation would have to wait for."""
    _compiler()
