"""A page in the making: its elements, the values of its own, and what its events run. Pure.

QueryLake's components fire events of nodes; here an event is a run whose input names the event, and a component's hook
becomes an element's event with that run as its action.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.draft import Draft
from inference.composer.importing.expressions import dotted, literal, ref
from inference.json_values import as_array, as_object, is_object

Element = dict[str, Any]
Action = dict[str, Any]

# What a page may have; a few elements are kept for what is put beside the source's own.
_MOST_ELEMENTS = 400
# How deep the source may nest. Rows count more: each becomes two levels of the page, which has twelve.
DEEPEST, ROW = 55, 10
_MOST_CHILDREN = 100
_MOST_CELLS = 12
_MOST_ACTIONS = 20
_LONGEST_LABEL = 200

# What an element's event tells of the hook that it stands for.
TOLD = {"send": "text", "upload": "document_ids", "collections": "value", "change": "value"}
HOOKS = {
    "on_submit": "send",
    "submit": "send",
    "on_upload": "upload",
    "upload": "upload",
    "selected_collections": "collections",
    "value_map": "change",
    "on_rating": "change",
}


@dataclass(slots=True)
class Component:
    """A component of the source: what its hooks do, what it shows, and how it is set."""

    name: str
    path: str
    label: str = ""
    shown: Any = None
    config: dict[str, Any] = field(default_factory=dict[str, Any])
    hooks: dict[str, list[Action]] = field(default_factory=dict[str, list[Action]])
    holds: set[str] = field(default_factory=set[str])
    """Hooks whose values are only kept, for what other hooks do."""

    def has(self, hook: str) -> bool:
        return hook in self.hooks or hook in self.holds


class Sketch:
    """What both formats of a UI add to."""

    def __init__(self, draft: Draft, events: set[str], selector: str, schema: Mapping[str, Any]) -> None:
        self.draft, self.events = draft, events
        self.session: dict[str, dict[str, Any]] = {}
        self._selector, self._schema = selector, schema
        self._inputs = as_object(schema.get("properties"))
        self._ids = set[str]()
        self._count = 0
        self._chats: list[Element] = []
        self._asides = set[str]()
        self.fires = False

    # Names and values

    def id(self, wanted: str) -> str:
        base = re.sub(r"[^a-z0-9_]+", "_", wanted.lower()).strip("_")[:40] or "element"
        base = base if base[0].isalpha() else f"e_{base}"
        name, number = base, 1
        while name in self._ids:
            number += 1
            name = f"{base}_{number}"
        self._ids.add(name)
        return name

    def keep(self, name: str, begin: Any = None) -> str:
        """A value of the page's own; its target."""
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:60] or "value"
        self.session.setdefault(plain, {"type": "any", "default": begin} if begin is not None else {"type": "any"})
        return f"session.{plain}"

    def state(self, parts: Sequence[Any], path: str) -> Any:
        """What the state has at a path of the source's state; None, and a note, when nothing can be there."""
        if not parts:
            self.draft.note(path, "the whole state is shown when an event has ended, and not before")
            return ref("output")
        key = self.draft.keys.get(str(parts[0]))
        where = None if key is None or key not in self.draft.state else dotted([key, *parts[1:]])
        if where is None:
            self.draft.note(path, "there is no such state, or a page cannot look there: it is left out")
            return None
        return {"ref": f"state.{where}"}

    # Actions

    def run(self, event: Any, values: Mapping[str, Any], path: str) -> Action | None:
        """The run that an event of the source is; None, and a note, when it could only fail."""
        if not isinstance(event, str) or event not in self.events:
            self.draft.note(path, f"it fires {str(event)[:80]!r}, which is no event: it is left out")
            return None
        given = {name: value for name, value in values.items() if name in self._inputs}
        for name in values:
            if name not in given:
                self.draft.note(path, f"no node takes the parameter {name[:80]!r}: it is left out")
        if missing := [name for name in self._needed(event) if name not in given]:
            told = f"the event {event[:80]!r} needs {missing[0][:80]!r}, which it does not give: it is left out"
            self.draft.note(path, told)
            return None
        self.fires = True
        named = {self._selector: event} if self._selector in self._inputs else {}
        return {"do": "run", "input": {**given, **named}}

    def _needed(self, event: str) -> list[str]:
        needed = as_array(self._schema.get("required"))
        for rule in as_array(self._schema.get("allOf")):
            chosen = as_object(as_object(as_object(rule.get("if")).get("properties")).get(self._selector))
            if chosen.get("const") == event:
                needed = needed + as_array(as_object(rule.get("then")).get("required"))
        return [name for name in needed if isinstance(name, str)]

    # Elements

    def add(self, element: Element, path: str) -> list[Element]:
        """The element with a name of its own, or nothing when the page is full."""
        self._count += 1
        if self._count == _MOST_ELEMENTS + 1:
            self.draft.note(path, f"a page has at most {_MOST_ELEMENTS} elements: the rest is left out")
        if self._count > _MOST_ELEMENTS:
            return []
        return [{"id": self.id(element["kind"]), **element}]

    def held(self, children: list[Element], path: str) -> list[Element]:
        """Children, as many as an element may hold; what is chosen for a chat comes before it."""
        chat = next((n for n, each in enumerate(children) if each["kind"] == "chat" and "on_send" in each), None)
        if chat is not None:
            beside = [each for each in children[chat:] if each["id"] in self._asides]
            rest = [each for each in children[chat:] if each["id"] not in self._asides]
            children = [*children[:chat], *beside, *rest]
        if len(children) > _MOST_CHILDREN:
            self.draft.note(path, f"an element holds at most {_MOST_CHILDREN} others: the rest is left out")
        return children[:_MOST_CHILDREN]

    def side_by_side(self, parts: list[list[Element]], sizes: Sequence[Any], path: str) -> list[Element]:
        """Groups of elements beside each other, with their shares of the width."""
        cells: list[Element] = []
        shares: list[float] = []
        for number, part in enumerate(parts):
            one = part if len(part) < 2 else self.add({"kind": "column", "children": self.held(part, path)}, path)
            cells += one
            size = sizes[number] if number < len(sizes) else None
            if one and isinstance(size, int | float) and 0 < size <= 100:
                shares.append(size)
        if not 1 < len(cells) <= _MOST_CELLS:
            return cells
        fitting = {"shares": shares} if len(shares) == len(cells) else {}
        return self.add({"kind": "row", "children": cells, **fitting}, path)

    def component(self, given: Component) -> list[Element]:
        """The elements that do what a component did; none, and a note, when nothing does."""
        for hook in given.hooks:
            given.hooks[hook] = given.hooks[hook][:_MOST_ACTIONS]
        label = {"label": given.label[:_LONGEST_LABEL]} if given.label else {}
        match given.name:
            case "chat":
                return self._chat(given, label)
            case "markdown" | "text":
                shown = given.shown if given.shown is not None else ""
                return self.add({"kind": given.name, "value": shown}, given.path)
            case "current-event-display":
                return self.add({"kind": "progress", **label}, given.path)
            case "chat-input" | "basf-intro-screen":
                asides = [*self._files(given, {}), *self._collections(given)]
                self._asides |= {each["id"] for each in asides}
                return [*asides, *self._chat_input(given, label)]
            case "file-upload":
                return [*self._files(given, label), *self._collections(given)]
            case "switch":
                return self._choice(given, {"kind": "switch"}, "Label")
            case "chat-with-rating":
                yes_no = str(given.config.get("Type", "Boolean")).lower() == "boolean"
                options = [{"label": "Good", "value": True}, {"label": "Bad", "value": False}]
                rating = {"kind": "select", "options": options if yes_no else [1, 2, 3, 4, 5]}
                return self._choice(given, rating, "Label")
            case _:
                told = f"there is no counterpart of the component {given.name[:80]!r}: it is left out"
                self.draft.note(given.path, told)
                return []

    def _chat(self, given: Component, label: dict[str, Any]) -> list[Element]:
        messages: Any = given.shown if given.shown is not None else {"literal": []}
        made = self.add({"kind": "chat", **label, "messages": messages}, given.path)
        self._chats += made
        return made + (self._chat_input(given, {}) if given.has("send") else [])

    def _chat_input(self, given: Component, label: dict[str, Any]) -> list[Element]:
        """The place to write: of the chat that is shown already, or a chat of its own."""
        send = given.hooks.get("send", [])
        if not send:
            return []
        for chat in self._chats:
            if "on_send" not in chat:
                chat["on_send"] = send
                return []
        return self.add({"kind": "chat", **label, "messages": {"literal": []}, "on_send": send}, given.path)

    def _files(self, given: Component, label: dict[str, Any]) -> list[Element]:
        if not given.has("upload"):
            return []
        several = given.config.get("multiple", given.name != "file-upload") is True
        made = {"kind": "upload", "label": "Add files", **label, "multiple": several, "to": self.keep("files", [])}
        return self.add(made | {"on_upload": given.hooks.get("upload", [])}, given.path)

    def _collections(self, given: Component) -> list[Element]:
        if not given.has("collections"):
            return []
        return self.collections(given.path, given.hooks.get("collections", []))

    def collections(self, path: str, actions: Sequence[Action] = ()) -> list[Element]:
        """A choice of collections, as QueryLake has it in a dialog."""
        made = {"kind": "documents", "label": "Collections", "to": self.keep("collections", [])}
        return self.add(made | {"on_change": list(actions)}, path)

    def _choice(self, given: Component, made: dict[str, Any], named: str) -> list[Element]:
        label = given.label or str(given.config.get(named) or "")
        whole = {**made, "label": label[:_LONGEST_LABEL] or given.name, "to": self.keep("choice")}
        return self.add(whole | {"on_change": given.hooks.get("change", [])}, given.path)


def written(value: Any) -> Any:
    """Data of the source as it stands, marked where a page would read it as something else."""
    return {"literal": value} if is_object(value) else literal(value)
