"""What a value at some place of a toolchain may refer to, and of what type it then is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from inference.composer.graph import ancestors, edges_of
from inference.composer.validation.types import ANY, Type, type_at, type_of_literal, type_of_result
from inference.composer.values import (
    faults_of_expression,
    faults_of_value,
    mark_of,
    parts_of,
    references,
    references_of_expression,
    tolerated_references,
)
from inference.json_values import as_object, is_object
from inference.models.common import Fault
from inference.models.toolchain import Body, Expression, LoopNode, MapNode, Node, Toolchain

RUN_FIELDS = ("id", "thread_id", "user_id", "toolchain_id")


@dataclass(frozen=True, slots=True)
class Place:
    """A place where values stand: the nodes that certainly may have ended before, those that exist around, and the
    roots that the place has beyond the common ones."""

    toolchain: Toolchain
    before: frozenset[str] = frozenset()
    around: dict[str, Node] = field(default_factory=dict[str, Node])
    roots: frozenset[str] = frozenset()

    def places(self, part: Toolchain | Body) -> Iterator[tuple[int, Node, Place]]:
        """The nodes of a part that stands here, each with its number and its place."""
        before = ancestors(edges_of(part))
        around = self.around | {node.id: node for node in part.nodes}
        for index, node in enumerate(part.nodes):
            yield index, node, replace(self, before=self.before | before.get(node.id, frozenset()), around=around)

    def inside(self, node: MapNode | LoopNode) -> Place:
        """The place of the body of a node that stands here."""
        roots = {"item", "index"} if isinstance(node, MapNode) else {"index", "last"}
        return replace(self, roots=self.roots | roots)

    def at_end(self, part: Toolchain | Body) -> Place:
        """Behind all nodes of a part."""
        names = {node.id: node for node in part.nodes}
        return replace(self, before=self.before | set(names), around=self.around | names)

    def but_before(self, other: Place) -> Place:
        """This place, when only what has ended at another certainly has."""
        return replace(self, before=other.before)

    def with_result(self) -> Place:
        return replace(self, roots=self.roots | {"result"})

    def value(self, path: str, value: Any) -> Iterator[Fault]:
        """What is wrong with a value."""
        yield from (Fault(path=path, message=words) for words in dict.fromkeys(faults_of_value(value)))
        yield from self._references(path, references(value), tolerated_references(value))

    def expression(self, path: str, expression: Expression) -> Iterator[Fault]:
        """What is wrong with an expression."""
        yield from (Fault(path=path, message=words) for words in dict.fromkeys(faults_of_expression(expression)))
        yield from self._references(path, references_of_expression(expression), tolerated_references(expression))

    def _references(self, path: str, found: Iterator[str], tolerated: set[str]) -> Iterator[Fault]:
        for reference in dict.fromkeys(found):
            if words := self._fault(reference, tolerated=reference in tolerated):
                yield Fault(path=path, message=words)

    def _fault(self, reference: str, *, tolerated: bool) -> str | None:
        root, *rest = (str(part) for part in parts_of(reference))
        name = rest[0] if rest else None
        if root in self.roots:
            return None
        if root not in ("input", "state", "nodes", "run"):
            roots = ", ".join(["input", "state", "nodes", "run", *sorted(self.roots)])
            return f"{reference!r} begins with none of {roots}"
        if name is None:
            return None
        if root == "nodes":
            if name not in self.around:
                return f"{reference!r} refers to {name!r}, which is no node here"
            if name not in self.before and not tolerated:
                return f"{reference!r} refers to {name!r}, which no node before this one is"
            return None
        if root == "input" and self.toolchain.input.get("additionalProperties") is True:
            return None
        known = {
            "input": as_object(self.toolchain.input.get("properties")),
            "state": self.toolchain.state,
            "run": RUN_FIELDS,
        }
        return None if name in known[root] else f"{reference!r} refers to {name!r}, which is not declared"

    def type_of(self, value: Any) -> Type:
        """The type of a value as far as it is known."""
        match mark_of(value):
            case "ref":
                return self._type_of_reference(str(value["ref"]))
            case "template":
                return frozenset({"string"})
            case "expr":
                return ANY
            case "literal":
                return type_of_literal(value["literal"])
            case _:
                return type_of_literal(value)

    def _type_of_reference(self, reference: str) -> Type:
        root, *rest = parts_of(reference)
        if root == "input" and rest:
            return type_at(self.toolchain.input, rest)
        if root == "state" and rest and (key := self.toolchain.state.get(str(rest[0]))):
            return ANY if len(rest) > 1 or key.type == "any" else frozenset({key.type})
        if root == "nodes" and rest and str(rest[0]) in self.before and (node := self.around.get(str(rest[0]))):
            return type_of_result(node, rest[1:])
        if root == "run":
            return frozenset({"string"})
        return ANY


def state_read(value: Any) -> Iterator[str]:
    """The state keys that a value, an expression or anything that holds them refers to."""
    found = list(references(value))
    if is_object(value):
        found += list(references_of_expression(value))
    for reference in found:
        root, *rest = parts_of(reference)
        if root == "state" and rest:
            yield str(rest[0])
