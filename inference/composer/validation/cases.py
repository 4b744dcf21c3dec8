"""What is wrong with the test cases of a toolchain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inference.composer.inputs import checked_input
from inference.composer.pins import all_nodes, faults_of_pins
from inference.composer.validation.scopes import Place
from inference.composer.validation.types import has_path, schema_of
from inference.composer.validation.whole import faults_of_schema
from inference.composer.values import mark_of, parts_of, references
from inference.errors import InvalidInput, NotFound
from inference.functions import Download, find
from inference.json_values import is_object
from inference.models.cases import Case, CheckBase, ContainsCheck, EqualsCheck, SchemaCheck, SimilarCheck
from inference.models.common import Fault
from inference.models.toolchain import FunctionNode, Node, Toolchain

# How many outputs may lead to one another's places; deeper ones are not looked into.
_MOST_HOPS = 8


def faults_of_cases(toolchain: Toolchain) -> Iterator[Fault]:
    """What is wrong with `tests`: names, inputs, pinned results, and what checks look at."""
    cases, names = _Cases(toolchain), set[str]()
    # What is wrong with the input schema itself is told there.
    sound = not any(faults_of_schema("input", toolchain.input))
    for number, case in enumerate(toolchain.tests):
        path = f"tests[{number}]"
        if case.name in names:
            yield Fault(path=f"{path}.name", message=f"two cases are called {case.name!r}")
        names.add(case.name)
        if sound:
            yield from _input(toolchain, f"{path}.input", case)
        yield from faults_of_pins(toolchain, f"{path}.pinned", case.pinned)
        for place, check in enumerate(case.checks):
            yield from cases.check(f"{path}.checks[{place}]", check)


def _input(toolchain: Toolchain, path: str, case: Case) -> Iterator[Fault]:
    try:
        checked_input(toolchain.input, case.input)
    except InvalidInput as error:
        yield Fault(path=path, message=error.message)


class _Cases:
    def __init__(self, toolchain: Toolchain) -> None:
        self._toolchain = toolchain
        self._nodes: dict[str, Node] = {node.id: node for node in all_nodes(toolchain.nodes)}
        end = Place(toolchain).at_end(toolchain)
        # Of a node within others there is the list of its results.
        everywhere = replace(end, around=self._nodes, before=frozenset(self._nodes))
        self._place = replace(everywhere, roots=frozenset({"output", "error"}))

    def check(self, path: str, check: CheckBase) -> Iterator[Fault]:
        if not any(references(check.of)):
            yield Fault(path=f"{path}.of", message='it looks at nothing of the run: say `{"ref": "output.…"}`')
        yield from self._value(f"{path}.of", check.of)
        if isinstance(check, EqualsCheck | ContainsCheck | SimilarCheck):
            yield from self._value(f"{path}.value", check.value)
        if isinstance(check, SchemaCheck):
            yield from faults_of_schema(f"{path}.form", check.form)

    def _value(self, path: str, value: Any) -> Iterator[Fault]:
        yield from self._place.value(path, value)
        for reference in dict.fromkeys(references(value)):
            if words := self._fault(reference):
                yield Fault(path=path, message=words)

    def _fault(self, reference: str) -> str | None:
        """What of a reference's path cannot be there; the place has looked at nodes, state and input."""
        root, *rest = parts_of(reference)
        if root in ("nodes", "state") and not self._toolchain.durable:
            return f"{reference!r} is not kept: the toolchain is not durable"
        if root == "output" and rest and str(rest[0]) not in self._toolchain.output:
            there = ", ".join(self._toolchain.output) or "nothing"
            return f"{reference!r} refers to {str(rest[0])!r}, which is no output; there is {there}"
        if root == "error" and rest and rest[0] not in ("type", "message", "node"):
            return f"{reference!r}: an error has type, message and node"
        if not self._may_be(root, rest):
            return f"{reference!r} leads to nothing that is there"
        return None

    def _may_be(self, root: str | int, rest: list[str | int], hops: int = 0) -> bool:
        """Whether the path may lead to something, as far as outputs and the results of functions tell."""
        if not rest or hops == _MOST_HOPS:
            return True
        name, *deeper = rest
        if root == "output":
            value: Any = self._toolchain.output.get(str(name))
            if mark_of(value) != "ref":
                return not deeper or not is_object(value) or mark_of(value) is not None or str(deeper[0]) in value
            to, *way = parts_of(str(value["ref"]))
            return self._may_be(to, [*way, *deeper], hops + 1)
        node = self._nodes.get(str(name)) if root == "nodes" else None
        if not isinstance(node, FunctionNode) or node not in self._toolchain.nodes or not deeper:
            return True
        if deeper[0] == "error" and node.on_error is not None:
            return True
        try:
            result = find(node.function).result
        except NotFound:
            return True
        return issubclass(result, Download) or has_path(schema_of(result), deeper)
