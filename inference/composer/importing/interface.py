"""What surrounds the nodes: the events that can be fired, their parameters, the buttons, and the UI. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.arguments import required_parameters
from inference.composer.importing.calls import SILENT
from inference.composer.importing.draft import Draft
from inference.composer.importing.source import Source, SourceNode
from inference.composer.inputs import checked_input
from inference.errors import InvalidInput
from inference.json_values import as_array, as_object, is_array, is_object

_TEXT = {"type": "string"}
_IDS = {"type": ["array", "null"]}
# What the components of the UI put into an event's parameters.
_HOOKS = {"on_submit": _TEXT, "selected_collections": _IDS}
_POINTERS = {"/text": _TEXT, "/collections/selectedIds": _IDS}
_SUBMITTING = ("on_submit",)
_MOST_SUGGESTIONS = 50


@dataclass(slots=True)
class Interface:
    """What the description of the UI tells: the events it fires, those of them that send a text, the types of their
    parameters, the state keys that it shows, and the one with the conversation."""

    events: list[str] = field(default_factory=list[str])
    submitting: list[str] = field(default_factory=list[str])
    types: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    shown: set[str] = field(default_factory=set[str])
    chat_key: str | None = None


def read_interface(source: Source) -> Interface:
    """Reads both formats of a UI, wherever in them hooks, actions and displays are."""
    found = Interface()
    waiting: list[Any] = [source.definition.get("ui_spec_v2"), source.definition.get("display_configuration")]
    while waiting:
        here = waiting.pop()
        if is_object(here):
            _hook(here, found)
            _action(here, found)
            _display(here, found)
            waiting += reversed(list(here.values()))
        elif is_array(here):
            waiting += reversed(here)
    return found


def _hook(here: dict[str, Any], found: Interface) -> None:
    event, name = here.get("target_event"), here.get("hook")
    if not isinstance(event, str) or not isinstance(name, str):
        return
    _add(found.events, event)
    if name in _SUBMITTING:
        _add(found.submitting, event)
    parameter = here.get("target_route")
    if isinstance(parameter, str) and name in _HOOKS:
        found.types.setdefault(parameter, _HOOKS[name])


def _action(here: dict[str, Any], found: Interface) -> None:
    event = here.get("nodeId")
    if here.get("type") != "emitEvent" or not isinstance(event, str):
        return
    _add(found.events, event)
    for parameter, binding in as_object(here.get("inputs")).items():
        path = as_object(binding).get("path")
        if path == "/text":
            _add(found.submitting, event)
        if isinstance(path, str) and path in _POINTERS:
            found.types.setdefault(parameter, _POINTERS[path])


def _display(here: dict[str, Any], found: Interface) -> None:
    route = here.get("display_route")
    if is_array(route):
        key = str(route[0]) if route else None
        kind = str(here.get("display_as", "")).replace("_", "-")
        _show(key, found, chat=kind.startswith("chat"))
    if isinstance(component := here.get("componentId"), str):
        for name, binding in as_object(here.get("bindings")).items():
            pointer = as_object(binding)
            if pointer.get("kind") == "state" and isinstance(pointer.get("path"), str):
                key = pointer["path"].lstrip("/").partition("/")[0]
                _show(key or None, found, chat=component.startswith("chat") and name in ("messages", "chatHistory"))


def _show(key: str | None, found: Interface, *, chat: bool) -> None:
    if key is not None:
        found.shown.add(key)
        if chat and found.chat_key is None:
            found.chat_key = key


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def events_of(source: Source, interface: Interface, fired: set[str], draft: Draft) -> list[SourceNode]:
    """The nodes that a client can fire, the likeliest first. In QueryLake it could be any; offered are those that
    nothing else fires, that take a client's parameters, or that a button, a component or the follow-up names."""
    named = list(interface.events)
    for suggestion in as_array(source.definition.get("suggestions")):
        if isinstance(event := as_object(suggestion).get("event_id"), str):
            _add(named, event)
    follow_up = source.definition.get("first_event_follow_up")
    if isinstance(follow_up, str) and follow_up:
        _add(named, follow_up)
    for name in named:
        if name not in source.nodes:
            draft.note("nodes", f"an event {name[:80]!r} is spoken of, which no node is")
    offered = [
        node
        for node in source.nodes.values()
        if node.id in named or node.id not in fired or (node.function is None and _parameters(node))
    ]
    first = next(iter(source.nodes.values()))

    def likely(node: SourceNode) -> tuple[bool, bool, bool, bool]:
        asks = "question" in _parameters(node)
        return (node.id == follow_up, node.id not in interface.submitting, not asks, node.id not in named)

    return sorted(offered or [first], key=likely)


def _parameters(node: SourceNode) -> list[str]:
    return [
        argument["key"]
        for argument in node.arguments
        if is_object(argument)
        and isinstance(argument.get("key"), str)
        and argument.get("from_user")
        and argument["key"] not in SILENT
    ]


def input_schema(
    events: Sequence[SourceNode], selector: str, names: Sequence[str], types: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The events' parameters together; what an event needs is asked of that event alone."""
    choice = {"type": "string", "enum": [event.id for event in events], "default": events[0].id, "title": "Event"}
    properties: dict[str, Any] = {selector: choice}
    for name in names:
        properties[name] = dict(types.get(name, {})) | {"title": name.replace("_", " ").strip().capitalize() or name}
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    needed = {event.id: required for event in events if (required := required_parameters(event))}
    if len(events) == 1 and needed:
        return schema | {"required": list(dict.fromkeys(needed[events[0].id]))}
    rules = [
        {
            "if": {"properties": {selector: {"const": event}}, "required": [selector]},
            "then": {"required": list(dict.fromkeys(required))},
        }
        for event, required in needed.items()
    ]
    return schema | {"allOf": rules} if rules else schema


def suggestions_of(
    source: Source, selector: str, events: set[str], schema: dict[str, Any], draft: Draft
) -> list[dict[str, Any]]:
    """The start screen's buttons."""
    found: list[dict[str, Any]] = []
    for index, given in enumerate(as_array(source.definition.get("suggestions"))):
        path = f"suggestions[{index}]"
        suggestion = as_object(given)
        event, title = suggestion.get("event_id"), suggestion.get("display_text")
        if not isinstance(event, str) or event not in events or not isinstance(title, str) or not title:
            draft.note(path, "it has no text, or fires nothing that there is: it is left out")
        elif len(found) == _MOST_SUGGESTIONS:
            draft.note(path, f"there are more than {_MOST_SUGGESTIONS} suggestions: this one is left out")
        else:
            parameters = {
                key: value for key, value in as_object(suggestion.get("event_parameters")).items() if key not in SILENT
            }
            given_input = {**parameters, selector: event}
            if _fits(schema, given_input, path, draft):
                found.append({"title": title[:200], "input": given_input})
    return found


def _fits(schema: dict[str, Any], given: dict[str, Any], path: str, draft: Draft) -> bool:
    """Whether an event that is fired by itself or by a button has all that it needs."""
    try:
        checked_input(schema, given)
    except InvalidInput as problem:
        draft.note(path, f"{problem.message}: it could only fail, and is left out")
        return False
    return True


def follow_up_of(
    source: Source, selector: str, events: set[str], schema: dict[str, Any], draft: Draft
) -> dict[str, Any] | None:
    """What runs by itself after the first event: without any parameters, as QueryLake's client does it."""
    event = source.definition.get("first_event_follow_up")
    if not isinstance(event, str) or not event:
        return None
    path = "first_event_follow_up"
    if event not in events:
        draft.note(path, f"there is no node {event[:80]!r}: nothing follows the first event")
        return None
    return {selector: event} if _fits(schema, {selector: event}, path, draft) else None
