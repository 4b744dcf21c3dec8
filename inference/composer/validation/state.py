"""What is wrong with the declared state: defaults and reducers that do not fit, and keys that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from inference.composer.validation.scopes import state_read
from inference.composer.validation.shape import all_nodes
from inference.json_values import is_array, is_object
from inference.models.common import Fault
from inference.models.toolchain import Node, Toolchain, UpdateNode, WorkBase

# What each reducer can work on, and JSON Schema's word for each type.
_REDUCED = {
    "append": ("string", "array"),
    "merge": ("object",),
    "add": ("integer", "number"),
    "messages": ("array",),
}
_SCHEMAS: dict[str, dict[str, Any]] = {"any": {}} | {
    name: {"type": name} for name in ("string", "integer", "number", "boolean", "object", "array")
}


def faults_of_state(toolchain: Toolchain) -> Iterator[Fault]:
    """Faults of the state keys."""
    used = _used(toolchain)
    for name, key in toolchain.state.items():
        fitting = _REDUCED.get(key.reducer)
        if fitting and key.type not in (*fitting, "any"):
            words = f"`{key.reducer}` works on {' and '.join(fitting)}; this key is {key.type}"
            yield Fault(path=f"state.{name}.reducer", message=words)
        fits: Any = Draft202012Validator(_SCHEMAS[key.type])
        if key.default is not None and not fits.is_valid(key.default):
            yield Fault(path=f"state.{name}.default", message=f"this is no value of type {key.type}")
        if not name.isidentifier():
            yield Fault(
                path=f"state.{name}", message="a key is letters, digits and underscores, so that it can be referred to"
            )
        if name not in used:
            yield Fault(path=f"state.{name}", message=f"nothing reads or writes {name!r}: use it, or remove it")


def _used(toolchain: Toolchain) -> set[str]:
    found = {toolchain.stream} if toolchain.stream else set[str]()
    found |= {key for value in toolchain.output.values() for key in state_read(value)}
    whole = False
    for _, node in all_nodes(toolchain):
        found |= set(_used_by(node))
        whole = whole or "dynamic" in found
    return set(toolchain.state) if whole else found


def _used_by(node: Node) -> Iterator[str]:
    if isinstance(node, WorkBase):
        yield from node.write
    if stream := getattr(node, "stream", None):
        yield str(stream).partition(".")[0]
    if isinstance(node, UpdateNode):
        for change in node.changes:
            first = change.path.partition(".")[0] if isinstance(change.path, str) else change.path[0]
            yield first if isinstance(first, str) else "dynamic"
    yield from _read(node.model_dump(by_alias=True, exclude={"body": {"nodes"}}))


def _read(value: Any) -> Iterator[str]:
    """The keys that are referred to anywhere within: expressions stand unmarked in `when`, so both are looked for."""
    yield from state_read(value)
    for item in value.values() if is_object(value) else value if is_array(value) else ():
        yield from _read(item)
