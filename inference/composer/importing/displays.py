"""V1's `display_configuration` as a page: sections become rows and columns, mappings become elements. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from inference.composer.importing.pages import DEEPEST, HOOKS, ROW, TOLD, Action, Component, Element, Sketch
from inference.json_values import as_array, as_object, is_array, is_object

# What sends a call when several hooks give values to it.
_SENDING = ("send", "upload", "change", "collections")
_KEPT: dict[str, tuple[str, Any]] = {
    "upload": ("files", []),
    "collections": ("collections", []),
    "change": ("choice", None),
}


class Display:
    """Reads a display configuration into a sketch of a page."""

    def __init__(self, sketch: Sketch) -> None:
        self._sketch, self._note = sketch, sketch.draft.note
        self._kept: dict[str, dict[str, Any]] = defaultdict(dict)
        self._looks = False

    def elements(self, section: Any, path: str) -> list[Element]:
        """The elements of a whole configuration."""
        self._keep_stored(section)
        return self._section(section, path, 1)

    def _keep_stored(self, section: Any) -> None:
        """Values with `store` are kept for an event's next call: they are read before anything fires."""
        waiting: list[Any] = [section]
        while waiting:
            here = waiting.pop()
            if is_object(here):
                for hook in as_array(here.get("hooks")):
                    kind = HOOKS.get(str(as_object(hook).get("hook")))
                    if kind in _KEPT and as_object(hook).get("store") is True:
                        name, begin = _KEPT[kind]
                        held = {"ref": self._sketch.keep(name, begin)}
                        self._kept[str(hook.get("target_event"))][str(hook.get("target_route"))] = held
                waiting += here.values()
            elif is_array(here):
                waiting += here

    def _section(self, given: Any, path: str, depth: int) -> list[Element]:
        if not is_object(given) or depth > DEEPEST:
            told = "a section is an object" if depth <= DEEPEST else "sections hold sections too deep"
            self._note(path, f"{told}: it is left out")
            return []
        parts = self._mappings(as_object(given.get("header")), f"{path}.header", depth)
        sections = as_array(given.get("sections"))
        if given.get("split") in ("horizontal", "vertical") and sections:
            beside = given["split"] == "horizontal"
            deeper = depth + (ROW if beside else 1)
            held = [self._section(each, f"{path}.sections[{n}]", deeper) for n, each in enumerate(sections)]
            if beside:
                parts += self._sketch.side_by_side(held, [as_object(each).get("size") for each in sections], path)
            else:
                parts += [element for part in held for element in part]
        parts += self._mappings(given, path, depth)
        return parts + self._mappings(as_object(given.get("footer")), f"{path}.footer", depth)

    def _mappings(self, given: dict[str, Any], path: str, depth: int) -> list[Element]:
        if not self._looks and given.get("tailwind"):
            self._looks = True
            self._note(path, "alignment and classes of single parts are not carried")
        found: list[Element] = []
        for number, entry in enumerate(as_array(given.get("mappings"))):
            here = f"{path}.mappings[{number}]"
            if not is_object(entry):
                self._note(here, "it is no mapping: it is left out")
            elif entry.get("type") == "div":
                found += self._group(entry, here, depth)
            else:
                found += self._sketch.component(self._component(entry, here))
        return found

    def _group(self, entry: dict[str, Any], path: str, depth: int) -> list[Element]:
        if depth >= DEEPEST:
            self._note(path, "groups hold groups too deep: it is left out")
            return []
        return self._mappings(entry, path, depth + 1)

    def _component(self, entry: dict[str, Any], path: str) -> Component:
        name = str(entry.get("display_as", "")).replace("_", "-")
        made = Component(name, path)
        for each in as_array(entry.get("config")):
            if is_object(each) and isinstance(each.get("name"), str):
                made.config[each["name"]] = each.get("value")
        if is_array(route := entry.get("display_route")):
            made.shown = self._sketch.state(route, f"{path}.display_route")
        self._hooks(as_array(entry.get("hooks")), made, path)
        return made

    def _hooks(self, hooks: list[Any], made: Component, path: str) -> None:
        """Hooks of one call give their values to it together; calls go out in the order of their indexes."""
        calls: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
        for number, hook in enumerate(hooks):
            here = f"{path}.hooks[{number}]"
            kind = HOOKS.get(str(as_object(hook).get("hook")))
            event, route = as_object(hook).get("target_event"), as_object(hook).get("target_route")
            if kind is None or not isinstance(event, str) or not isinstance(route, str):
                self._note(here, "there is no such hook, or it has no event and parameter: it is left out")
            elif as_object(hook).get("store") is True:
                made.holds.add(kind)
            else:
                index = as_object(hook).get("fire_index")
                calls[index if isinstance(index, int) else 1, event][route] = kind
        for (_, event), given in sorted(calls.items()):
            trigger = next(kind for kind in _SENDING if kind in given.values())
            values = {route: self._value(kind, trigger) for route, kind in given.items()}
            made.holds |= set(given.values()) - {trigger}
            if action := self._sketch.run(event, {**self._kept.get(event, {}), **values}, path):
                made.hooks.setdefault(trigger, []).append(action)

    def _value(self, kind: str, trigger: str) -> Any:
        if kind == trigger or kind not in _KEPT:
            return {"ref": f"event.{TOLD[kind]}"}
        return {"ref": self._sketch.keep(*_KEPT[kind])}


def upload_event(sketch: Sketch, path: str) -> list[Element]:
    """QueryLake's client fires a node of this name for every file that is dropped on it, without a component."""
    event = "user_file_upload_event"
    if event not in sketch.events:
        return []
    values = {"user_file": {"ref": "event.document_ids.0"}, "file_name": {"ref": "event.file_names.0"}}
    action: Action | None = sketch.run(event, values, path)
    actions = [action] if action else []
    return sketch.add({"kind": "upload", "label": "Add a file", "multiple": False, "on_upload": actions}, path)
