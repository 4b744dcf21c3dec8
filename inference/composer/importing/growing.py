"""V2: outputs that stream into the state. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.calls import Called
from inference.composer.importing.changes import Change, set_to
from inference.composer.importing.deliveries import Destination, full_path, once
from inference.composer.importing.draft import Draft
from inference.composer.importing.expressions import Part, call, literal, path_of
from inference.composer.importing.jsonpaths import Values, plain_path
from inference.composer.importing.streams import finish, streams_to
from inference.json_values import as_object, is_array, is_object


def is_stream(given: Any) -> bool:
    return is_object(given) and as_object(given.get("stream")).get("enabled") is True


def stream_changes(
    given: dict[str, Any], path: str, to: Destination, called: Called | None, values: Values, draft: Draft
) -> tuple[list[Change], list[Change]] | None:
    """The changes before and after a node whose output streams into the state; None when the mapping is one that is
    applied when the node is done. A streamed mapping is applied once."""
    stream = as_object(given["stream"])
    slot = _output_slot(given.get("value"))
    if called is None or slot is None or to.kind != "state" or not to.parts:
        return None
    if given.get("condition") is not None or given.get("iterate") is not None:
        draft.note(path, "it does not stream, for it has a condition or elements: it is written when the node is done")
        return None
    inside, output = slot
    initial: Any = stream.get("initial")
    replaces = stream.get("mode") == "set"
    read = values.reference(output, f"{path}.value")
    key = _first_key(output)
    is_text = key == called.outputs.text_key
    before: list[Change] = []
    if is_object(given.get("value")) and "literal" in given["value"]:
        if to.mode != "append":
            return None
        text = "" if initial is None and is_text else initial
        filled = values.value({"literal": _filled(given["value"]["literal"], inside, text)}, f"{path}.value")
        before = once(to, filled.tolerant, draft, path)
        parts: list[Part] = [*full_path(to, draft, path), -1, *inside]
        initial = text
    else:
        parts = full_path(to, draft, path)
        if initial is not None:
            before = once(Destination(to.kind, None, to.parts, "set"), literal(initial), draft, path)
        else:
            known: Any = draft.initial_at(to.parts)
            grows = isinstance(known, str) or is_array(known)
            initial = known if grows else "" if is_text else None
            if is_text and not grows and not replaces:
                held = draft.state_read(to.parts, path)
                before = [set_to(path_of(parts), "", {"==": [call("default", held.value)["expr"], None]})]
    if is_text and not replaces and isinstance(initial, str) and streams_to(called, parts, draft):
        return before, []
    if is_text and is_array(initial):
        draft.note(path, "the list gets the text as one element, not one for every piece")
    return before, finish(parts, read, initial, replaces=replaces)


def _first_key(output: dict[str, Any]) -> Any:
    parts = plain_path(output.get("path"), "")
    return parts[0] if parts else "result"


def _output_slot(value: Any) -> tuple[list[Part], dict[str, Any]] | None:
    """Where in a value its only reference to an output is, and that reference."""
    found: list[tuple[list[Part], dict[str, Any]]] = []
    waiting: list[tuple[Any, list[Part]]] = []
    if is_object(value):
        waiting = [(value["literal"], [])] if "literal" in value else [(value, [])]
    while waiting:
        here, parts = waiting.pop()
        if is_object(here):
            place = as_object(here.get("ref"))
            if len(here) == 1 and place.get("source") == "outputs":
                found.append((parts, place))
            else:
                waiting += [(item, [*parts, key]) for key, item in here.items()]
        elif is_array(here):
            waiting += [(item, [*parts, index]) for index, item in enumerate(here)]
    return found[0] if len(found) == 1 else None


def _filled(value: Any, parts: list[Part], initial: Any) -> Any:
    if not parts:
        return initial
    part, rest = parts[0], parts[1:]
    if is_object(value) and isinstance(part, str):
        return {**value, part: _filled(value[part], rest, initial)}
    copy = list(value)
    copy[int(str(part))] = _filled(copy[int(str(part))], rest, initial)
    return copy
