"""What is wrong with a toolchain beyond its nodes: its input, its output, and the inputs that it suggests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from inference.composer.inputs import checked_input
from inference.composer.validation.scopes import Place
from inference.errors import InvalidInput
from inference.models.common import Fault
from inference.models.toolchain import Toolchain


def faults_of_schema(path: str, schema: dict[str, Any]) -> Iterator[Fault]:
    """What is wrong with a JSON Schema."""
    try:
        Draft202012Validator.check_schema(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    except SchemaError as error:
        yield Fault(path=path, message=f"this is not a JSON Schema: {error.message}")
    except RecursionError:
        yield Fault(path=path, message="this JSON Schema nests too deep")


def faults_of_whole(toolchain: Toolchain) -> Iterator[Fault]:
    """Faults of the fields of a toolchain itself."""
    wrong = list(faults_of_schema("input", toolchain.input))
    yield from wrong
    if not wrong:
        if toolchain.input.get("type") != "object":
            yield Fault(path="input.type", message="a run's input is an object: `type` must be `object`")
        yield from _inputs(toolchain)
    yield from _stream(toolchain)
    end = Place(toolchain).at_end(toolchain)
    for name, value in toolchain.output.items():
        yield from end.value(f"output.{name}", value)


def _inputs(toolchain: Toolchain) -> Iterator[Fault]:
    given = [(f"suggestions[{index}].input", each.input) for index, each in enumerate(toolchain.suggestions)]
    if toolchain.follow_up is not None:
        given.append(("follow_up", toolchain.follow_up))
    for path, value in given:
        try:
            checked_input(toolchain.input, value)
        except InvalidInput as error:
            yield Fault(path=path, message=error.message)


def _stream(toolchain: Toolchain) -> Iterator[Fault]:
    if toolchain.stream is None:
        return
    key = toolchain.state.get(toolchain.stream)
    if key is None:
        yield Fault(path="stream", message=f"there is no state key {toolchain.stream!r}: declare it under `state`")
    elif key.type != "string":
        told = f"text streams into a state key of type string; {toolchain.stream!r} is {key.type}"
        yield Fault(path="stream", message=told)
