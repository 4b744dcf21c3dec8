"""V1: outputs that stream into the state. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.calls import Called
from inference.composer.importing.changes import Change
from inference.composer.importing.draft import CannotCarry, Draft
from inference.composer.importing.expressions import (
    Expression,
    Part,
    Read,
    both,
    call,
    dotted,
    expression,
    literal,
    path_of,
)
from inference.composer.importing.mappings import is_stream
from inference.composer.importing.routes import Reader
from inference.composer.importing.sequences import Writer
from inference.composer.importing.source import SourceNode
from inference.json_values import is_array


def prepare_streams(
    node: SourceNode,
    called: Called | None,
    reader: Reader,
    draft: Draft,
    begin: list[Change],
    then: list[Change],
) -> None:
    """Before the node, every streamed mapping is applied once with its initial value; then its text grows there. What
    cannot stream is put there when the node is done."""
    for index, given in enumerate(node.entries):
        if not is_stream(given):
            continue
        path = f"{node.path}.feed_mappings[{index}]"
        try:
            if called is None:
                raise CannotCarry(path, "nothing here gives the output")
            _stream(given, path, called, reader, draft, begin, then)
        except CannotCarry as problem:
            draft.note(problem.note.path, f"{problem.note.message}: the mapping is left out")


def _stream(
    given: dict[str, Any],
    path: str,
    called: Called,
    reader: Reader,
    draft: Draft,
    begin: list[Change],
    then: list[Change],
) -> None:
    read = reader.value_object({**given["getFromOutputs"], "type": "getNodeOutput"}, f"{path}.getFromOutputs")
    route = given["getFromOutputs"].get("route")
    key = route[0] if is_array(route) and route else route
    initial = given.get("stream_initial_value")
    is_text = key == called.outputs.text_key
    if initial is None and is_text:
        initial = ""
    writer = Writer(draft, reader.about(Read(literal(initial))), None, pinned=True)
    writer.mapping(given, path)
    begin += writer.changes
    replaces = given.get("stream_type") == "set"
    for parts in writer.landed:
        if is_text and not replaces and isinstance(initial, str) and streams_to(called, parts, draft):
            continue
        if is_text and is_array(initial):
            draft.note(path, "the list gets the text as one element, not one for every piece")
        then += finish(parts, read, initial, replaces=replaces)


def streams_to(called: Called, parts: list[Part], draft: Draft) -> bool:
    """Lets the node's text stream to a place, if it does not stream to another yet."""
    place = dotted(parts)
    if called.streaming is None or called.streaming.get("stream") or not place:
        return False
    if len(parts) == 1:
        declared = draft.state[str(parts[0])]
        if declared["type"] != "string":
            if declared.get("default") is not None:
                return False
            declared |= {"type": "string", "reducer": "append"}
        draft.texts.add(str(parts[0]))
    elif draft.state[str(parts[0])]["type"] == "string":
        return False
    called.streaming["stream"] = place
    if called.outputs.answers:
        draft.streamed.append(tuple(parts))
    return True


def finish(parts: list[Part], read: Read, initial: Any, *, replaces: bool) -> list[Change]:
    """What a stream has put at a place when it is over."""
    path = path_of(parts)
    if not parts:
        return []

    def change(op: str, when: Expression | None = None) -> Change:
        made: Change = {"op": op, "path": path, "value": read.value}
        whole = both(read.there, when)
        return made | {"when": whole} if whole else made

    if replaces or initial is None:
        return [change("set")]
    if is_array(initial):
        listed = expression("==", call("type", read.value), "array")
        return [change("extend", listed), change("append", {"not": [listed]})]
    return [change("append")]
