"""QueryLake's functions as nodes: which there are, and what each becomes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.draft import Draft
from inference.composer.importing.expressions import Read, as_value, call, expression
from inference.composer.importing.outputs import Outputs
from inference.composer.values import mark_of
from inference.json_values import is_object
from inference.settings import Settings

# What QueryLake's server fills in: whoever runs a toolchain here is known.
SILENT = frozenset(
    "auth database toolchains_available public_key server_private_key toolchain_function_caller global_config "  # noqa: SIM905 - a list of words
    "toolchain_runtime_service umbrella job_signal job_signal_bus stream_callables".split()
)


@dataclass(slots=True)
class Site:
    """Where a function is called: the node's id here, its path in the source, and its arguments."""

    draft: Draft
    id: str
    title: str
    path: str
    arguments: dict[str, Read]
    used: set[str] = field(default_factory=set[str])

    def has(self, key: str) -> bool:
        read = self.arguments.get(key)
        return read is not None and not (read.there is None and read.value is None)

    def get(self, key: str, otherwise: Any = None) -> Any:
        """An argument's value; `otherwise` when it is not given, or null."""
        self.used.add(key)
        read = self.arguments.get(key)
        if read is None or (read.value is None and read.there is None):
            return otherwise
        if read.there is None and otherwise is None:
            return read.value
        if not is_object(read.value):
            return read.value
        return call("default", read.value, *([] if otherwise is None else [otherwise]))

    def required(self, key: str) -> Any:
        """An argument that the function does not work without: a run that lacks it ends with an error naming it."""
        self.used.add(key)
        read = self.arguments.get(key)
        if read is None or read.value is None:
            self.note(f"{key!r} is not given: a run that comes here fails")
            return call("cat")
        return read.value

    def constant(self, key: str) -> Any:
        """An argument that is known now; None when it is not, which is noted."""
        self.used.add(key)
        if not self.has(key):
            return None
        value = self.arguments[key].value
        if mark_of(value) == "literal":
            return value["literal"]
        if mark_of(value) is not None:
            self.note(f"{key!r} is only known when the toolchain runs, and is left out")
            return None
        return value

    def ignore(self, *keys: str) -> None:
        """Arguments that mean nothing here, and whose absence nobody notices."""
        self.used |= set(keys)

    def expect(self, key: str, schema: dict[str, Any]) -> None:
        """Says what the argument must be; an event's parameter that is handed on as it is gets that type."""
        read = self.arguments.get(key)
        if read and mark_of(read.value) == "ref" and read.value["ref"].startswith("input."):
            name = read.value["ref"].removeprefix("input.")
            self.draft.input_types.setdefault(name, schema)

    def model(self) -> Any:
        """The model id, when it names a provider's model or a built-in one; else null, which is the default model."""
        self.used.add("model")
        if not self.has("model"):
            return None
        value = self.arguments["model"].value
        known = Settings.model_fields["default_model"].default
        if isinstance(value, str):
            if "/" in value.strip("/") or value == known:
                return value
            self.note(f"the model {value[:80]!r} is QueryLake's own; the default model takes its place")
            return None
        if not is_object(value):
            return None
        given = call("default", value, "")
        named = expression("and", expression("==", call("type", given), "string"), expression("in", "/", given))
        return call("if", expression("or", named, expression("==", given, known)), given, None)

    def note(self, message: str) -> None:
        self.draft.note(self.path, message)

    def finish(self, known: frozenset[str]) -> None:
        """Notes the arguments that QueryLake's function takes and nothing here does; others it drops as well."""
        for key in known.intersection(self.arguments) - self.used:
            if self.has(key) and self.arguments[key].value not in (False, [], {}, ""):
                self.note(f"{key!r} has no counterpart: it is left out")


@dataclass(slots=True)
class Called:
    """The nodes that do what a function did, and what it gives. `streaming` is the one that writes text."""

    nodes: list[dict[str, Any]]
    outputs: Outputs
    streaming: dict[str, Any] | None = None


Builder = Callable[[Site], Called]


def node(site: Site, kind: str, suffix: str = "", **fields: Any) -> dict[str, Any]:
    """A node of the call; the one without a suffix has the call's own id."""
    name = site.draft.name(f"{site.id}_{suffix}") if suffix else site.id
    return {"id": name, "kind": kind, "title": site.title, **fields}


def turns(history: Any) -> Any:
    """A chat history as messages: what else QueryLake keeps in its entries is no part of them."""
    pairs = [
        ["role", call("default", {"ref": "item.role"}, "user")],
        ["content", call("string", call("default", {"ref": "item.content"}, ""))],
    ]
    return call("map", call("default", history, []), call("object", pairs))


def as_list(value: Any) -> Any:
    """A value that may be a list or a single one, as a list."""
    if isinstance(value, str):
        return [value]
    return call("if", expression("==", call("type", value), "array"), value, [value])


def holding(condition: dict[str, Any], value: Any, otherwise: Any = None) -> Any:
    return call("if", as_value(condition), value, otherwise)
