"""Changes of the state, as update nodes make them. Pure."""

from __future__ import annotations

from typing import Any

from inference.composer.importing.draft import Draft
from inference.composer.importing.expressions import Expression, Read, as_value, both, ref

Change = dict[str, Any]


def set_to(path: str | list[Any], value: Any, when: Expression | None = None) -> Change:
    change: Change = {"op": "set", "path": path, "value": value}
    return change | {"when": when} if when else change


def held_back(changes: list[Change], holds: Expression | None, fixed: bool, draft: Draft, name: str) -> list[Change]:
    """The changes, made only when a condition holds as it does before the first of them."""
    if holds is None:
        return changes
    if len(changes) > 1 and not fixed:
        book = draft.book("held")
        name = draft.name(name)
        flag = {"op": "set", "path": f"{book}.{name}", "value": as_value(holds)}
        kept: Expression = {"default": [ref("state", book, name), False]}
        return [flag, *(_guarded(change, kept) for change in changes)]
    return [_guarded(change, holds) for change in changes]


def _guarded(change: Change, holds: Expression) -> Change:
    when = both(holds, change.get("when"))
    return {**change, "when": when} if when else change


def fixed_value(read: Read, draft: Draft, name: str) -> tuple[list[Change], Read]:
    """A value that several changes use, as it is before the first of them."""
    if read.fixed:
        return [], read
    book, name = draft.book("held"), draft.name(name)
    kept: Change = {"op": "set", "path": f"{book}.{name}", "value": read.value}
    if read.there is not None:
        kept["when"] = read.there
    there: Expression | None = None if read.there is None else {"exists": [ref("state", book, name)]}
    return [kept], Read(ref("state", book, name), there)
