"""The page of an imported toolchain, from whichever UI its source has. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.displays import Display, upload_event
from inference.composer.importing.draft import Draft
from inference.composer.importing.pages import Sketch
from inference.composer.importing.source import Source
from inference.composer.importing.specs import Spec, nodes_of
from inference.json_values import is_object


def page_of(
    source: Source, draft: Draft, events: set[str], selector: str, schema: dict[str, Any]
) -> dict[str, Any] | None:
    """A page that shows and asks what the source's UI did; None where it has none. Of two V2's is taken."""
    sketch = Sketch(draft, events, selector, schema)
    spec, display = source.definition.get("ui_spec_v2"), source.definition.get("display_configuration")
    if is_object(spec):
        facts = {"toolchainId": source.text("id"), "title": source.text("name")}
        elements = Spec(sketch, nodes_of(spec), facts).elements(spec.get("root"), "ui_spec_v2.root")
        if is_object(display):
            draft.note("display_configuration", "the page is made of `ui_spec_v2`; this one is not looked at")
    elif is_object(display):
        elements = Display(sketch).elements(display, "display_configuration")
    else:
        return None
    if not sketch.fires:
        elements += upload_event(sketch, "display_configuration")
    if not sketch.fires:
        draft.note("display_configuration", "nothing on the page fires an event: a form of the input is put below it")
        elements += sketch.add({"kind": "form", "button": "Run", "on_submit": [{"do": "run"}]}, "display_configuration")
    return {"elements": sketch.held(elements, "display_configuration"), "session": sketch.session}
