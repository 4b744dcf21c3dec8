"""A toolchain's interface for programs: the JSON Schemas of what goes in and comes out, and clients typed by them."""

from __future__ import annotations

import asyncio
import json
import shlex
from typing import Any, cast

from db import SavedToolchain
from inference.composer.catalogue import find_toolchain
from inference.composer.interface.outputs import output_schema
from inference.composer.interface.python import python_client
from inference.composer.interface.shapes import example, read_shapes
from inference.composer.interface.typescript import typescript_client
from inference.composer.validation import read_toolchain
from inference.errors import LimitReached
from inference.functions import Context, find, function
from inference.json_values import is_array, is_object
from inference.models.toolchain import ToolchainReference
from inference.models.versions import ToolchainInterface

_LARGEST = 256 * 1024


@function(scope="toolchains:read", read_only=True)
async def fetch_toolchain_interface(ctx: Context, request: ToolchainReference) -> ToolchainInterface:
    """What programs need to run a toolchain: the JSON Schemas of its input and output, typed clients for Python and
    TypeScript, and a call with curl. With a version the clients ask for that one; without, for the one that runs
    take, as the toolchain then is."""
    found = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.version)
    # A large one takes a while, in which others are not to wait.
    return await asyncio.to_thread(_make, found, request.version is not None, ctx.settings.port)


def _make(found: SavedToolchain, pinned: bool, port: int) -> ToolchainInterface:
    toolchain = read_toolchain(found.definition)
    _check_size("input schema", toolchain.input)
    output = output_schema(toolchain, _result_schema)
    _check_size("output", output)
    shapes = read_shapes(toolchain.input, output)
    call: dict[str, Any] = {"toolchain_id": found.id} | ({"version": found.version} if pinned else {})
    address = f"http://127.0.0.1:{port}"
    return ToolchainInterface(
        id=found.id,
        version=found.version,
        input_schema=toolchain.input,
        output_schema=output,
        python=python_client(toolchain.title, shapes, call, address),
        typescript=typescript_client(toolchain.title, shapes, call, address),
        curl=_curl(call | {"input": example(toolchain.input), "wait": True}, address),
    )


def _check_size(what: str, schema: dict[str, Any]) -> None:
    """Raises LimitReached. Counted, not written out: what is referred to again and again is in memory only once."""
    size, waiting = 0, [cast(object, schema)]
    while waiting:
        here = waiting.pop()
        if is_object(here):
            waiting += here.values()
            size += sum(len(name) for name in here)
        elif is_array(here):
            waiting += here
        size += len(here) if isinstance(here, str) else 4
        if size > _LARGEST:
            raise LimitReached(f"The toolchain's {what} is larger than {_LARGEST >> 10} KiB: no client is made for it.")


def _result_schema(name: str) -> dict[str, Any]:
    """Of a function that is a node: read_toolchain has seen to that."""
    result: Any = find(name).result
    return result.model_json_schema(by_alias=True, mode="serialization")


def _curl(body: dict[str, Any], address: str) -> str:
    return " \\\n  ".join(
        (
            f"curl -sS {address}/api/run_toolchain",
            '-H "Authorization: Bearer $PENSTOCK_API_KEY"',
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(json.dumps(body))}",
        )
    )
