"""V1's ways to read something: routes, value objects and conditions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import (
    LONGEST_PATH,
    Expression,
    Part,
    Read,
    as_value,
    both,
    built,
    call,
    descend,
    expression,
    literal,
    ref,
)
from inference.composer.importing.outputs import Outputs
from inference.json_values import as_array, is_array, is_object

# Those that QueryLake compares with, and ours.
_OPERATORS = {"==": "==", "!=": "!=", "is": "==", "is not": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}
# The one-key forms of a value object.
_SHORT = {
    "getFromState": "stateValue",
    "getFromInputs": "getNodeInput",
    "getFromOutputs": "getNodeOutput",
    "getFiles": "getFile",
    "getFile": "getFile",
}


@dataclass(frozen=True, slots=True)
class Test:
    """A condition, and whether it comes out the same whenever it is looked at."""

    holds: Expression
    fixed: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one node: its arguments, its function's outputs, and the value that a mapping is about."""

    draft: Draft
    arguments: Mapping[str, Read]
    outputs: Outputs | None
    value: Read | None = None

    def about(self, value: Read | None) -> Reader:
        return replace(self, value=value)

    def value_object(self, given: Any, path: str) -> Read:
        """What a value object reads. Raises CannotCarry."""
        if not is_object(given):
            raise CannotCarry(path, "this is no value object")
        kind = given.get("type")
        if kind is None or kind in ("indexRouteRetrieved", "getLengthValue"):
            return self._untyped(given, path)
        route = given.get("route")
        match kind:
            case "staticValue":
                return Read(literal(given.get("value")))
            case "stateValue" | "getFromState":
                return self._state(route, path)
            case "getNodeInput" | "getFromInputs":
                return self._input(route, path)
            case "getNodeOutput" | "getFromOutputs":
                return self._output(route, path)
            case "getFile" | "getFiles":
                return self.files(given, path)
            case _:
                raise CannotCarry(path, f"there is no value object of type {str(kind)[:60]!r}")

    def _untyped(self, given: dict[str, Any], path: str) -> Read:
        for name, kind in _SHORT.items():
            if is_object(inner := given.get(name)):
                return self.value_object({**inner, "type": kind}, f"{path}.{name}")
        if is_object(inner := given.get("getFrom")):
            return self.value_object(inner, f"{path}.getFrom")
        if is_object(inner := given.get("getLength")):
            measured = self.value_object(inner, f"{path}.getLength")
            return Read(call("length", measured.value), measured.there, measured.fixed)
        if "value" in given:
            return Read(literal(given["value"]))
        if "routes" in given:
            return self.files(given, path)
        raise CannotCarry(path, "without `type` it cannot be told what this reads")

    def _state(self, route: Any, path: str) -> Read:
        parts, fixed = self.route(route, f"{path}.route")
        read = self.draft.state_read(parts, path)
        return replace(read, fixed=read.fixed and fixed)

    def _input(self, route: Any, path: str) -> Read:
        parts, fixed = self.route(route, f"{path}.route")
        if not parts:
            return self._all_arguments()
        if isinstance(parts[0], str) and parts[0] in self.arguments:
            return descend(self.arguments[parts[0]], parts[1:], fixed=fixed)
        raise CannotCarry(path, f"the node has no argument {str(parts[0])[:80]!r}")

    def _all_arguments(self) -> Read:
        self.draft.spend(len(self.arguments))
        certain = built({key: read.value for key, read in self.arguments.items() if read.there is None})
        perhaps = [
            call("if", as_value(read.there), built({key: read.value}), {})
            for key, read in self.arguments.items()
            if read.there is not None
        ]
        fixed = all(read.fixed for read in self.arguments.values())
        return Read(call("merge", certain, *perhaps) if perhaps else certain, None, fixed)

    def _output(self, route: Any, path: str) -> Read:
        parts, fixed = self.route(route, f"{path}.route")
        found = self.outputs.read(parts) if self.outputs else None
        if found is None:
            what = ".".join(str(part) for part in parts if not is_object(part)) or "output"
            raise CannotCarry(path, f"nothing here gives the output {what[:80]!r}")
        return replace(found, fixed=found.fixed and fixed)

    def files(self, given: dict[str, Any], path: str) -> Read:
        """The session's file at a route, or the list of those at several routes."""
        if is_array(routes := given.get("routes")):
            reads = [self._file(route, f"{path}.routes[{index}]") for index, route in enumerate(routes)]
            there = both(*(read.there for read in reads))
            return Read([read.value for read in reads], there, fixed=False)
        return self._file(given.get("route"), f"{path}.route")

    def _file(self, route: Any, path: str) -> Read:
        parts, _ = self.route(route, path)
        return descend(Read(ref("state", self.draft.book("files")), fixed=False), parts)

    def route(self, given: Any, path: str) -> tuple[list[Part], bool]:
        """The parts of a route, and whether they are the same whenever they are looked at."""
        if given is None:
            return [], True
        if isinstance(given, str | int) and not isinstance(given, bool):
            return [given], True
        if not is_array(given):
            raise CannotCarry(path, "a route is a list")
        if len(given) > LONGEST_PATH:
            raise CannotCarry(path, f"the route has more than {LONGEST_PATH} parts")
        read = [self.part(part, f"{path}[{index}]") for index, part in enumerate(given)]
        return [part for part, _ in read], all(fixed for _, fixed in read)

    def part(self, given: Any, path: str) -> tuple[Part, bool]:
        """An element of a route."""
        if isinstance(given, str | int) and not isinstance(given, bool):
            return given, True
        read = self.value_object(given, path)
        if isinstance(read.value, str | int) and not isinstance(read.value, bool):
            return read.value, True
        if not is_object(read.value):
            raise CannotCarry(path, "this is neither a key nor an index")
        return read.value, read.fixed

    def condition(self, given: Any, path: str) -> Test:
        """A condition, simple or compound. What it reads and is not there counts as null. Raises CannotCarry."""
        if not is_object(given):
            raise CannotCarry(path, "this is no condition")
        kind, statement = given.get("type"), given.get("statement")
        match kind:
            case "and" | "or":
                tests = [
                    self.condition(each, f"{path}.statement[{index}]")
                    for index, each in enumerate(as_array(statement) or [statement])
                ]
                return Test({str(kind): [test.holds for test in tests]}, all(test.fixed for test in tests))
            case "not":
                test = self.condition(_only(statement), f"{path}.statement")
                return Test({"not": [test.holds]}, test.fixed)
            case "singular":
                return self.condition(_only(statement), f"{path}.statement")
            case _:
                return self._comparison(given, path)

    def _comparison(self, given: dict[str, Any], path: str) -> Test:
        if given.get("variableOne") is not None:
            one = self._operand(given["variableOne"], f"{path}.variableOne")
        elif self.value is not None:
            one = self.value
        else:
            raise CannotCarry(path, "`variableOne` is missing, and there is no value that could take its place")
        two = self._operand(given.get("variableTwo"), f"{path}.variableTwo")
        operator = given.get("operator")
        fixed = one.fixed and two.fixed
        left, right = one.tolerant, two.tolerant
        match operator:
            case "==" | "!=" | "is" | "is not":
                return Test(expression(_OPERATORS[str(operator)], left, right), fixed)
            case ">" | "<" | ">=" | "<=":
                return Test(_unless_null([one, two], expression(str(operator), left, right)), fixed)
            case "in":
                return Test(_unless_null([two], expression("in", left, right)), fixed)
            case "not in":
                inside = expression("in", left, right)
                return Test(_unless_null([two], {"not": [inside]}), fixed)
            case _:
                raise CannotCarry(f"{path}.operator", f"there is no operator {str(operator)[:40]!r}")

    def _operand(self, given: Any, path: str) -> Read:
        try:
            return self.value_object(given, path)
        except CannotCarry as problem:
            if is_object(given) and given.get("type") in ("getNodeInput", "getNodeOutput"):
                # An argument or output that nothing gives: not there, as far as a condition goes.
                self.draft.note(problem.note.path, f"{problem.note.message}; the condition takes it as null")
                return Read(None)
            raise


def _only(statement: Any) -> Any:
    return statement[0] if is_array(statement) and len(statement) == 1 else statement


def _unless_null(reads: Sequence[Read], test: Expression) -> Expression:
    """Nothing is greater than, or in, what is not there."""
    known = [expression("!=", read.tolerant, None) for read in reads if is_object(read.value)]
    return both(*known, test) or test
