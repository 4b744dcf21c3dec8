"""Toolchains by id: the user's own, and those that ship with the product."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import orjson

from db import SavedToolchain, Storage
from inference.errors import NotFound
from inference.functions import Caller
from inference.settings import shipped

SHIPPED_VERSION = 1
# Of runs whose toolchain was given with them, and is no version.
DRAFT_VERSION = 0


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
    """The caller's toolchain of this id, or the shipped one. Without a version that which runs take: the published one,
    or while there is none the latest. Raises NotFound."""
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


def is_chat(definition: dict[str, Any]) -> bool:
    """Whether it can be talked to: it takes a `question`, and streams an answer."""
    return "question" in definition.get("input", {}).get("properties", {}) and bool(definition.get("stream"))


def has_page(definition: dict[str, Any]) -> bool:
    """Whether it has a page of its own."""
    return definition.get("page") is not None
