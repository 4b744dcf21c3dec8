"""A QueryLake toolchain as it was written: which format it has, and whether it is one that can be read at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from inference.errors import InvalidInput
from inference.json_values import as_array, as_object, is_array, is_object

# Deeper and larger than any toolchain that somebody wrote.
_DEEPEST = 60
_MOST_VALUES = 200_000
_MOST_NODES = 1000

_V1_KEYS = frozenset({"input_arguments", "feed_mappings"})
_V2_KEYS = frozenset({"type", "inputs", "mappings"})
_OLD_KEYS = frozenset({"pipeline", "state_initialization", "chat_window_settings", "pipeline_starting_input"})
_OWN_KEYS = frozenset({"initial_state", "display_configuration", "ui_spec_v2", "first_event_follow_up", "editor_meta"})


@dataclass(frozen=True, slots=True)
class SourceNode:
    """A node of the source. `path` is where it is written; `entries` are its feed_mappings or mappings."""

    id: str
    path: str
    function: str | None
    arguments: list[Any] = field(default_factory=list[Any])
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    entries: list[Any] = field(default_factory=list[Any])
    optional: list[Any] | None = None
    """V2: the inputs of which `metadata.optional_inputs` says that they may be missing; None when it says nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    """A whole toolchain of the source."""

    definition: dict[str, Any]
    version: Literal[1, 2]
    initial_state: dict[str, Any]
    nodes: dict[str, SourceNode]

    def text(self, name: str) -> str:
        """A text of its top level, or nothing."""
        value = self.definition.get(name)
        return value.strip() if isinstance(value, str) else ""


def is_querylake(definition: dict[str, Any]) -> bool:
    """Whether this is a toolchain of QueryLake in any of its formats, and not one of ours."""
    if "edges" in definition:
        return False
    if not _OLD_KEYS.isdisjoint(definition) or not _OWN_KEYS.isdisjoint(definition):
        return True
    nodes = as_array(definition.get("nodes"))
    return any(
        is_object(node) and "kind" not in node and not (_V1_KEYS | _V2_KEYS | {"api_function"}).isdisjoint(node)
        for node in nodes
    )


def read_source(definition: dict[str, Any]) -> Source:
    """The source, read. Raises InvalidInput for the oldest format, and for what is no toolchain."""
    _measure(definition)
    if not _OLD_KEYS.isdisjoint(definition) and "nodes" not in definition:
        raise InvalidInput(
            "This is QueryLake's oldest format (`pipeline`), which QueryLake itself no longer runs. Bring it into the "
            "format with `nodes` first.",
            field="toolchain.pipeline",
        )
    nodes = definition.get("nodes")
    if not is_array(nodes) or not nodes:
        raise InvalidInput("A QueryLake toolchain has `nodes`, a list of at least one.", field="toolchain.nodes")
    if len(nodes) > _MOST_NODES:
        raise InvalidInput(f"The toolchain has {len(nodes)} nodes; {_MOST_NODES} are read.", field="toolchain.nodes")
    state = definition.get("initial_state", {})
    if not is_object(state):
        raise InvalidInput("`initial_state` is an object.", field="toolchain.initial_state")
    version = _version(nodes)
    read = dict[str, SourceNode]()
    for index, node in enumerate(nodes):
        path = f"nodes[{index}]"
        if not is_object(node) or not isinstance(node.get("id"), str) or not node["id"]:
            raise InvalidInput(f"{path} has no `id`: every node is an object with one.", field=f"toolchain.{path}.id")
        if node["id"] in read:
            raise InvalidInput(f"Two nodes are called {node['id'][:80]!r}.", field=f"toolchain.{path}.id")
        read[node["id"]] = _node(node, path, version)
    return Source(definition, version, state, read)


def _node(node: dict[str, Any], path: str, version: int) -> SourceNode:
    function = node.get("api_function")
    function = function if isinstance(function, str) and function else None
    if version == 1:
        return SourceNode(
            node["id"],
            path,
            function,
            arguments=as_array(node.get("input_arguments")),
            entries=as_array(node.get("feed_mappings")),
        )
    optional = as_object(node.get("metadata")).get("optional_inputs")
    return SourceNode(
        node["id"],
        path,
        None if node.get("type") == "transform" else function,
        inputs=as_object(node.get("inputs")),
        entries=as_array(node.get("mappings")),
        optional=optional if is_array(optional) else None,
    )


def _version(nodes: list[Any]) -> Literal[1, 2]:
    """By the keys of the nodes; the ones that only V1 has decide, for a V1 node may have a key `type` too."""
    objects = [node for node in nodes if is_object(node)]
    if any(not _V1_KEYS.isdisjoint(node) for node in objects):
        return 1
    return 2 if any(not _V2_KEYS.isdisjoint(node) for node in objects) else 1


def _measure(definition: dict[str, Any]) -> None:
    count, waiting = 0, [(definition, 0)]
    while waiting:
        here, depth = waiting.pop()
        count += 1
        if depth > _DEEPEST or count > _MOST_VALUES:
            what = f"nests deeper than {_DEEPEST} levels" if depth > _DEEPEST else f"has over {_MOST_VALUES} values"
            raise InvalidInput(f"The toolchain {what}: that is more than is read.", field="toolchain")
        below: list[Any] = list(here.values()) if is_object(here) else here if is_array(here) else []
        waiting += [(each, depth + 1) for each in below]
