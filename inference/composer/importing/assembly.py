"""From a toolchain of QueryLake to one of ours. Pure."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

from inference.composer.importing import v1, v2, ways
from inference.composer.importing.draft import Draft, Note
from inference.composer.importing.expressions import call, is_plain, ref
from inference.composer.importing.interface import (
    Interface,
    events_of,
    follow_up_of,
    input_schema,
    read_interface,
    suggestions_of,
)
from inference.composer.importing.paging import page_of
from inference.composer.importing.source import Source, SourceNode, read_source
from inference.json_values import as_object


@dataclass(frozen=True, slots=True)
class Imported:
    """A toolchain of ours, and what of the source it does not do, or does in another way."""

    toolchain: dict[str, Any]
    notes: list[Note]


def import_querylake(definition: dict[str, Any]) -> Imported:
    """A toolchain that does what one of QueryLake does (V1 or V2): an event is a run, a session a thread. Raises
    InvalidInput for its oldest format, and for what is no toolchain or is too large for one."""
    source = read_source(definition)
    state = dict(source.initial_state)
    if source.version == 1:
        state.setdefault("title", source.text("name"))
    draft, interface = Draft(state, set()), read_interface(source)
    if source.version == 1:
        fired = {name for node in source.nodes.values() for name in ways.targets(node, source.nodes)}
        line_of = v1.FirstFormat(source, draft).event
    else:
        fired = {name for node in source.nodes.values() for name in v2.targets(node, source.nodes)}
        line_of = v2.SecondFormat(source, draft).event
    events = events_of(source, interface, fired, draft)
    chooser = draft.name("event")
    lines = {event.id: line_of(event) or [_nothing(event, draft)] for event in events}
    return Imported(_toolchain(source, draft, interface, events, lines, chooser), draft.notes)


def _nothing(event: SourceNode, draft: Draft) -> dict[str, Any]:
    return {"id": draft.name(event.id), "kind": "join", "title": event.id[:200]}


def _toolchain(
    source: Source,
    draft: Draft,
    interface: Interface,
    events: list[SourceNode],
    lines: dict[str, list[dict[str, Any]]],
    chooser: str,
) -> dict[str, Any]:
    # A parameter that is called `event` keeps its name.
    selector = "event" if "event" not in draft.input_names else "event_id"
    nodes, edges = _graph(lines, selector, chooser)
    names = list(dict.fromkeys(name for name in sorted(draft.input_names)))
    stream = _stream(draft, interface)
    settings = as_object(as_object(source.definition.get("editor_meta")).get("settings"))
    description = settings.get("description")
    schema = input_schema(events, selector, names, interface.types | draft.input_types)
    known = {event.id for event in events}
    made: dict[str, Any] = {
        "id": _id(source),
        "title": (source.text("name") or source.text("id") or "Imported")[:200],
        "description": description[:4000] if isinstance(description, str) else "",
        "input": schema,
        "state": draft.state,
        "nodes": nodes,
        "edges": edges,
        "output": _output(draft, stream),
        "stream": stream,
        "suggestions": suggestions_of(source, selector, known, schema, draft),
        "follow_up": follow_up_of(source, selector, known, schema, draft),
        "metadata": {"querylake": _kept(source, draft, interface)},
    }
    draft.forget(made)
    made["page"] = page_of(source, draft, known, selector, schema)
    return made


def _graph(
    lines: dict[str, list[dict[str, Any]]], selector: str, chooser: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One line of nodes for every event, and before them the choice of the event, where there is one."""
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    if len(lines) > 1:
        cases = [
            {"when": {"==": [ref("input", selector), event]}, "to": line[0]["id"]} for event, line in lines.items()
        ]
        nodes.append({"id": chooser, "kind": "branch", "title": "Event", "cases": cases, "else": "end"})
        edges.append({"from": "start", "to": chooser})
    else:
        edges.append({"from": "start", "to": next(iter(lines.values()))[0]["id"]})
    for line in lines.values():
        names = [*(node["id"] for node in line), "end"]
        edges += [{"from": before, "to": after} for before, after in itertools.pairwise(names)]
        nodes += line
    return nodes, edges


def _output(draft: Draft, stream: str | None) -> dict[str, Any]:
    """What the event gives back, and the session's state as it is then."""
    given: dict[str, Any] = {}
    if draft.has_book("event_result"):
        book = draft.book("event_result")
        if draft.user_open:
            given["event_result"] = ref("state", book)
        for key in draft.user_keys:
            read = ref("state", book, key) if is_plain(key) else call("get", ref("state", book), key)
            given[key] = call("default", read)
    state = {name: ref("state", name) for name in draft.keys.values() if name not in given}
    if stream and "answer" not in given and "answer" not in state:
        given["answer"] = ref("state", stream)
    return given | state


def _stream(draft: Draft, interface: Interface) -> str | None:
    """The key whose text chat clients see: one that streams, and that the UI shows if there is one."""
    found = [str(parts[0]) for parts in draft.streamed if len(parts) == 1]
    shown = {draft.keys.get(key, key) for key in interface.shown}
    return next((key for key in found if not shown or key in shown), None)


def _kept(source: Source, draft: Draft, interface: Interface) -> dict[str, Any]:
    """What a run does not look at: where the toolchain comes from, and its UI."""
    kept: dict[str, Any] = {"format": source.version}
    for key in ("id", "name", "category", "display_configuration", "ui_spec_v2", "editor_meta"):
        if source.definition.get(key) is not None:
            kept[key] = source.definition[key]
    chat = interface.chat_key
    if chat is None:
        chat = next((str(parts[0]) for parts in draft.streamed if len(parts) > 1 and isinstance(parts[1], int)), None)
    else:
        chat = draft.keys.get(chat, chat)
    return kept if chat is None else kept | {"chat_key": chat}


def _id(source: Source) -> str:
    for given in (source.text("id"), source.text("name")):
        name = re.sub(r"[^a-z0-9_-]+", "_", given.lower()).strip("_-")[:80]
        if name:
            return name if name[0].isalpha() else f"t_{name}"[:80]
    return "imported"
