"""V2's `ui_spec_v2` as a page: layout nodes become rows and columns, components become elements. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.pages import DEEPEST, HOOKS, ROW, TOLD, Action, Component, Element, Sketch, written
from inference.json_values import as_array, as_object, is_array, is_object

_COLLECTIONS = "/collections/selectedIds"
# The binding that holds what a component shows, the likeliest first.
_SHOWN = ("messages", "chatHistory", "value", "text", "content")


class Spec:
    """Reads a UI specification into a sketch of a page."""

    def __init__(self, sketch: Sketch, nodes: dict[str, Any], facts: dict[str, str]) -> None:
        self._sketch, self._nodes, self._facts = sketch, nodes, facts
        self._note = sketch.draft.note
        self._met = set[str]()
        self._picked = self._looks = False

    def elements(self, root: Any, path: str) -> list[Element]:
        """The elements of a whole specification."""
        return self._node(root, path, 1)

    def _node(self, given: Any, path: str, depth: int) -> list[Element]:
        name = given if isinstance(given, str) else ""
        node = self._nodes.get(name)
        here = f"ui_spec_v2.nodes.{name[:80]}"
        if not is_object(node) or name in self._met or depth > DEEPEST:
            why = "it stands twice" if name in self._met else "there is no such node, or it lies too deep"
            self._note(here if is_object(node) else path, f"{why}: it is left out")
            return []
        self._met.add(name)
        if not self._looks and (node.get("style") or node.get("permissions")):
            self._looks = True
            self._note(here, "styles and permissions of single parts are not carried")
        if node.get("kind") == "component":
            return self._component(node, here)
        # In this order: a place to write belongs to the chat that was shown before it.
        parts = self._around(node, "header", here, depth)
        parts += self._layout(node, here, depth)
        return parts + self._around(node, "footer", here, depth)

    def _around(self, node: dict[str, Any], part: str, path: str, depth: int) -> list[Element]:
        return self._node(node[part], path, depth + 1) if isinstance(node.get(part), str) else []

    def _layout(self, node: dict[str, Any], path: str, depth: int) -> list[Element]:
        # The kind of a layout has had several names.
        kind = next((node[key] for key in ("node", "layout", "type", "layoutId") if isinstance(node.get(key), str)), "")
        beside = node.get("direction") == "horizontal"
        deeper = depth + (ROW if beside else 1)
        held = [self._node(child, path, deeper) for child in as_array(node.get("children"))]
        if kind == "divider":
            return self._sketch.add({"kind": "divider"}, path)
        if kind == "text" or (not held and isinstance(node.get("text"), str)):
            return self._sketch.add({"kind": "text", "value": str(node.get("text") or "")}, path)
        if beside:
            return self._sketch.side_by_side(held, as_array(node.get("sizes")), path)
        return [element for part in held for element in part]

    def _component(self, node: dict[str, Any], path: str) -> list[Element]:
        made = Component(str(node.get("componentId", "")).replace("_", "-"), path)
        made.label = node["label"] if isinstance(node.get("label"), str) else ""
        made.config = as_object(node.get("config"))
        bindings = as_object(node.get("bindings"))
        if first := next((name for name in (*_SHOWN, *bindings) if name in bindings), None):
            made.shown = self._binding(bindings[first], f"{path}.bindings.{first}", None)
        for number, hook in enumerate(as_array(node.get("hooks"))):
            self._hook(as_object(hook), made, f"{path}.hooks[{number}]")
        if made.config.get("allowUploads") is True and not made.has("upload"):
            made.holds.add("upload")
        if (made.config.get("showCollections") is True or self._picked) and not made.has("collections"):
            made.holds.add("collections")
        self._picked = False
        return self._sketch.component(made)

    def _hook(self, hook: dict[str, Any], made: Component, path: str) -> None:
        name = str(hook.get("hook"))
        if name in ("openCollections", "openModel"):
            self._opened(name, made, path)
            return
        kind = HOOKS.get(name)
        if kind is None:
            self._note(path, f"there is no hook {name[:80]!r}: it is left out")
            return
        fires = [as_object(fire) for fire in as_array(hook.get("fires"))]
        for fire in sorted(fires, key=lambda fire: fire["index"] if isinstance(fire.get("index"), int) else 1):
            for number, action in enumerate(as_array(fire.get("actions"))):
                done = self._action(as_object(action), f"{path}.actions[{number}]", kind)
                if done is not None:
                    made.hooks.setdefault(kind, []).append(done)

    def _opened(self, name: str, made: Component, path: str) -> None:
        if name == "openCollections":
            made.holds.add("collections")
            self._note(path, "the choice of collections stands on the page itself")
        else:
            self._note(path, "a dialog for the model is not carried: bind a field to the input that takes it")

    def _action(self, action: dict[str, Any], path: str, kind: str) -> Action | None:
        match action.get("type"):
            case "emitEvent":
                inputs = as_object(action.get("inputs"))
                values = {name: self._binding(each, f"{path}.inputs.{name}", kind) for name, each in inputs.items()}
                known = {name: value for name, value in values.items() if value is not None}
                return self._sketch.run(action.get("nodeId"), known, path)
            case "toast":
                return {"do": "notify", "message": written(action.get("message"))}
            case "setUI" | "setPref":
                value = self._binding(action.get("value"), f"{path}.value", kind)
                if action["type"] == "setPref":
                    self._note(path, "a preference is kept as long as the page is open")
                target = self._own(action.get("path") if action["type"] == "setUI" else f"pref_{action.get('key')}")
                return {"do": "set", "to": target, "value": value}
            case other:
                self._note(path, f"there is no counterpart of the action {str(other)[:80]!r}: it is left out")
                return None

    # Bindings

    def _binding(self, given: Any, path: str, kind: str | None) -> Any:
        """What a binding is on a page; None, and a note, when there is no such thing there."""
        binding = as_object(given)
        match binding.get("kind"):
            case "literal":
                return written(binding.get("value"))
            case "state":
                return self._sketch.state(_pointer(binding.get("path")), path)
            case "payload" if kind is not None:
                return {"ref": f"event.{TOLD[kind]}"}
            case "session" if binding.get("key") in self._facts:
                return self._facts[binding["key"]]
            case "ui":
                self._picked = self._picked or binding.get("path") == _COLLECTIONS
                return {"ref": self._own(binding.get("path"), binding.get("fallback"))}
            case "pref":
                return {"ref": self._own(f"pref_{binding.get('key')}", binding.get("fallback"))}
            case "computed":
                return self._computed(binding, path, kind)
            case _:
                self._note(path, "there is no counterpart of this binding: it is left out")
                return None

    def _own(self, pointer: Any, begin: Any = None) -> str:
        """The page's own value in the place of one of QueryLake's UI state."""
        if pointer == _COLLECTIONS:
            return self._sketch.keep("collections", [])
        return self._sketch.keep("_".join(str(part) for part in _pointer(pointer)) or "ui", begin)

    def _computed(self, binding: dict[str, Any], path: str, kind: str | None) -> Any:
        """Texts put together; what counts is a node's to do."""
        args = as_array(binding.get("args"))
        parts = args if binding.get("op") == "toString" else as_array(as_object(args[0] if args else None).get("value"))
        if binding.get("op") not in ("toString", "join") or not parts:
            self._note(path, "what is computed is left to nodes: bind the state that one writes")
            return None
        words = ""
        for part in parts:
            value = self._binding(part, path, kind) if is_object(part) else written(part)
            reference = as_object(value).get("ref")
            words += f"{{{{ {reference} }}}}" if reference else str(as_object(value).get("literal", value) or "")
        return {"template": words}


def _pointer(given: Any) -> list[Any]:
    """The parts of a JSON Pointer (RFC 6901); those that are numbers index lists."""
    text = given.strip("/") if isinstance(given, str) else ""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")] if text else []
    return [int(part) if part.isdecimal() and len(part) < 9 and number else part for number, part in enumerate(parts)]


def nodes_of(spec: dict[str, Any]) -> dict[str, Any]:
    """The nodes of a specification by their ids; a list of nodes is taken too."""
    nodes = spec.get("nodes")
    if is_array(nodes):
        return {str(node["id"]): node for node in nodes if is_object(node) and "id" in node}
    return as_object(nodes)
