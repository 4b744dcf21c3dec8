"""What is wrong with a toolchain's own page: bindings to what is not there, and events that can do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.validation.scopes import Place
from inference.composer.validation.shape import all_nodes
from inference.composer.validation.types import ANY, Type, fits, names, type_at, type_of_literal
from inference.composer.validation.whole import faults_of_schema
from inference.composer.values import faults_of_value, mark_of, parts_of, references
from inference.json_values import as_array, as_object
from inference.models.common import Fault
from inference.models.page import (
    AnswerAction,
    ButtonElement,
    ChatElement,
    ColumnElement,
    DocumentsElement,
    FieldElement,
    FormElement,
    NotifyAction,
    PageAction,
    PageDefinition,
    PageElement,
    RowElement,
    RunAction,
    SelectElement,
    SetAction,
    SwitchElement,
    TableElement,
    TabsElement,
    UploadElement,
)
from inference.models.toolchain import ApprovalNode, Toolchain, WaitNode

_MOST_ELEMENTS = 500
_DEEPEST = 12
_ROOTS = ("state", "input", "output", "session", "run")
# What a page knows of the run that it shows.
_RUN_FIELDS = ("id", "status", "error", "progress", "stage", "waiting")
_EVENTS: dict[str, tuple[str, ...]] = {
    "on_send": ("text",),
    "on_upload": ("document_ids", "collection_id", "file_names"),
    "on_change": ("value",),
    "on_submit": ("value",),
    "on_select": ("row", "index"),
    "on_press": (),
}
_VALUES = ("when", "value", "messages", "collection", "document", "page", "rows", "source", "options")
_TEXT_OR_LIST: Type = frozenset({"string", "array"})
_WRITTEN: dict[type, Type] = {
    UploadElement: _TEXT_OR_LIST,
    DocumentsElement: _TEXT_OR_LIST,
    FieldElement: frozenset({"string", "number", "integer"}),
    SwitchElement: frozenset({"boolean"}),
}


def faults_of_page(toolchain: Toolchain) -> Iterator[Fault]:
    """Faults of the page, if there is one."""
    if toolchain.page is not None:
        yield from _Page(toolchain, toolchain.page).faults()


def all_elements(elements: Sequence[PageElement], path: str, depth: int = 1) -> Iterator[tuple[str, PageElement, int]]:
    """Every element with its path and its depth, those within others behind them."""
    for index, element in enumerate(elements):
        here = f"{path}[{index}]"
        yield here, element, depth
        if isinstance(element, RowElement | ColumnElement):
            yield from all_elements(element.children, f"{here}.children", depth + 1)
        elif isinstance(element, TabsElement):
            for number, tab in enumerate(element.tabs):
                yield from all_elements(tab.children, f"{here}.tabs[{number}].children", depth + 1)


@dataclass(slots=True)
class _Written:
    """Fields of the input that something on the page writes; `everything`: the form of the whole input does."""

    names: set[str] = field(default_factory=set[str])
    everything: bool = False


class _Page:
    def __init__(self, toolchain: Toolchain, page: PageDefinition) -> None:
        self._toolchain, self._page = toolchain, page
        self._inputs = as_object(toolchain.input.get("properties"))
        self._open = toolchain.input.get("additionalProperties") is True
        self._pausing = {
            node.id
            for _, node in all_nodes(toolchain)
            if isinstance(node, ApprovalNode) or (isinstance(node, WaitNode) and node.event is not None)
        }
        self._written = _Written()
        self._runs: list[tuple[str, RunAction]] = []

    def faults(self) -> Iterator[Fault]:
        elements = list(all_elements(self._page.elements, "page.elements"))
        if len(elements) > _MOST_ELEMENTS:
            told = f"the page has {len(elements)} elements; {_MOST_ELEMENTS} are the most"
            yield Fault(path="page.elements", message=told)
            return
        for name, key in self._page.session.items():
            if key.default is not None and key.type != "any" and not fits(_type(key.default), frozenset({key.type})):
                yield Fault(path=f"page.session.{name}.default", message=f"this is no value of type {key.type}")
        seen = set[str]()
        for path, element, depth in elements:
            if element.id in seen:
                yield Fault(path=f"{path}.id", message=f"two elements are called {element.id!r}")
            seen.add(element.id)
            if depth > _DEEPEST:
                yield Fault(path=path, message=f"elements hold elements deeper than {_DEEPEST} levels")
            yield from self._element(path, element)
        yield from self._needed()

    def _element(self, path: str, element: PageElement) -> Iterator[Fault]:
        for name in _VALUES:
            if (value := getattr(element, name, None)) is not None:
                yield from self._value(f"{path}.{name}", value, None)
        if isinstance(target := getattr(element, "to", None), str):
            yield from self._target(f"{path}.to", target, _WRITTEN.get(type(element), ANY))
        match element:
            case RowElement() if element.shares and len(element.shares) != len(element.children):
                told = f"there are {len(element.children)} children: give each a share, or none"
                yield Fault(path=f"{path}.shares", message=told)
            case ChatElement() if element.messages is None and not self._has_input(element.question):
                told = f"the input has no {element.question!r}: name the field with what was asked, or give `messages`"
                yield Fault(path=f"{path}.question", message=told)
            case FormElement():
                yield from self._form(path, element)
            case _:
                pass
        for name, known in _EVENTS.items():
            for index, action in enumerate(_actions(element, name)):
                yield from self._action(f"{path}.{name}[{index}]", action, known)

    def _form(self, path: str, element: FormElement) -> Iterator[Fault]:
        if element.schema_ is not None:
            yield from faults_of_schema(f"{path}.schema", element.schema_)
            if element.fields:
                yield Fault(path=f"{path}.fields", message="these are fields of the input; a form has its own `schema`")
            return
        if element.to is not None:
            told = "a form of the input writes the input: leave this out, or give a `schema`"
            yield Fault(path=f"{path}.to", message=told)
        for index, name in enumerate(element.fields):
            if name not in self._inputs:
                yield Fault(path=f"{path}.fields[{index}]", message=f"the input has no {name!r}")
        self._written.names |= set(element.fields)
        self._written.everything = self._written.everything or not element.fields

    # Actions

    def _action(self, path: str, action: PageAction, event: tuple[str, ...]) -> Iterator[Fault]:
        match action:
            case RunAction():
                self._runs.append((path, action))
                for name, value in action.input.items():
                    where = f"{path}.input.{name}"
                    yield from self._value(where, value, event)
                    yield from self._fitting(where, value, "input", name)
            case AnswerAction():
                if action.node not in self._pausing:
                    told = "is no node that waits for an answer: an `approval`, or a `wait` for an event"
                    yield Fault(path=f"{path}.node", message=f"{action.node!r} {told}")
                if action.value is not None:
                    yield from self._value(f"{path}.value", action.value, event)
            case SetAction():
                yield from self._value(f"{path}.value", action.value, event)
                yield from self._target(f"{path}.to", action.to, self._type_of(action.value))
            case NotifyAction():
                yield from self._value(f"{path}.message", action.message, event)
            case _:
                pass

    def _needed(self) -> Iterator[Fault]:
        """What a run needs that nothing gives to it."""
        if self._written.everything:
            return
        listed = self._toolchain.input.get("required")
        # What is wrong with the schema itself is told there.
        names = [name for name in as_array(listed) if isinstance(name, str)]
        required = [name for name in names if "default" not in as_object(self._inputs.get(name))]
        for path, action in self._runs:
            for name in required:
                if name not in self._written.names | set(action.input):
                    told = f"a run needs {name!r}, which nothing on the page gives"
                    yield Fault(path=f"{path}.input", message=told)

    # Bindings

    def _target(self, path: str, target: str, given: Type) -> Iterator[Fault]:
        root, _, name = target.partition(".")
        if root == "input":
            self._written.names.add(name)
        if not self._is_known(root, name):
            yield Fault(path=path, message=f"{target!r} refers to {name!r}, which is not declared")
        elif not fits(given, wanted := self._type_at(root, name)):
            yield Fault(path=path, message=f"{target!r} is {names(wanted)}; this writes {names(given)}")

    def _fitting(self, path: str, value: Any, root: str, name: str) -> Iterator[Fault]:
        if not self._is_known(root, name):
            yield Fault(path=path, message=f"the toolchain's {root} has no {name!r}")
        elif not fits(given := self._type_of(value), wanted := self._type_at(root, name)):
            yield Fault(path=path, message=f"{name!r} is {names(wanted)}; this is {names(given)}")

    def _value(self, path: str, value: Any, event: tuple[str, ...] | None) -> Iterator[Fault]:
        if mark_of(value) == "expr":
            yield Fault(path=path, message="a page has no expressions: let a node reckon it, and bind its state")
            return
        yield from (Fault(path=path, message=words) for words in dict.fromkeys(faults_of_value(value)))
        for reference in dict.fromkeys(references(value)):
            if words := self._reference(reference, event):
                yield Fault(path=path, message=words)

    def _reference(self, reference: str, event: tuple[str, ...] | None) -> str | None:
        root, *rest = (str(part) for part in parts_of(reference))
        if root == "event" and event is not None:
            return None if not rest or rest[0] in event else f"{reference!r} refers to {rest[0]!r}, which is not told"
        if root not in _ROOTS:
            roots = ", ".join(_ROOTS if event is None else (*_ROOTS, "event"))
            return f"{reference!r} begins with none of {roots}"
        known = not rest or self._is_known(root, rest[0])
        return None if known else f"{reference!r} refers to {rest[0]!r}, which is not declared"

    def _is_known(self, root: str, name: str) -> bool:
        match root:
            case "input":
                return self._open or self._has_input(name)
            case "state":
                return name in self._toolchain.state
            case "output":
                return name in self._toolchain.output
            case "session":
                return name in self._page.session
            case _:
                return name in _RUN_FIELDS

    def _has_input(self, name: str) -> bool:
        return name in self._inputs

    def _type_at(self, root: str, name: str) -> Type:
        if root == "input":
            return type_at(self._toolchain.input, [name])
        key = self._page.session.get(name)
        return ANY if key is None or key.type == "any" else frozenset({key.type})

    def _type_of(self, value: Any) -> Type:
        if mark_of(value) != "ref":
            return _type(value)
        root, *rest = parts_of(str(value["ref"]))
        if root == "state" and rest:
            return Place(self._toolchain).type_of(value)
        if root in ("input", "session") and len(rest) == 1:
            return self._type_at(str(root), str(rest[0]))
        return ANY


def _actions(element: PageElement, name: str) -> Sequence[PageAction]:
    """What an element does at an event; nothing where it has none of that name."""
    match element, name:
        case ChatElement(), "on_send":
            return element.on_send
        case UploadElement(), "on_upload":
            return element.on_upload
        case DocumentsElement() | FieldElement() | SwitchElement() | SelectElement(), "on_change":
            return element.on_change
        case FormElement(), "on_submit":
            return element.on_submit
        case TableElement(), "on_select":
            return element.on_select
        case ButtonElement(), "on_press":
            return element.on_press
        case _:
            return ()


def _type(value: Any) -> Type:
    match mark_of(value):
        case "template":
            return frozenset({"string"})
        case "literal":
            return type_of_literal(value["literal"])
        case None:
            return type_of_literal(value)
        case _:
            return ANY
