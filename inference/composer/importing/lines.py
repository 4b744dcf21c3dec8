"""Nodes one after another, as they come to be. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inference.composer.importing.changes import Change
from inference.composer.importing.draft import Draft
from inference.composer.importing.expressions import Expression, both, expression, ref

# The rounds of a loop; QueryLake knows no limit.
MOST_ROUNDS = 10_000


@dataclass(slots=True)
class Line:
    """Nodes that follow each other. Within a loop, `resets` are the marks of nodes that every round begins without."""

    draft: Draft
    nodes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    resets: dict[str, bool] | None = None

    def add(self, node: dict[str, Any], guard: Expression | None) -> None:
        when = both(guard, node.get("when"))
        self.nodes.append(node | {"when": when} if when else node)

    def update(
        self, name: str, title: str, changes: list[Change], guard: Expression | None, *, own: bool = False
    ) -> None:
        """A node with these changes, if there are any; `own`: the name is its already. Many become several nodes."""
        for begin in range(0, len(changes), 500):
            self.draft.count()
            part = changes[begin : begin + 500]
            free = name if own and begin == 0 else self.draft.name(name)
            self.add({"id": free, "kind": "update", "title": title, "changes": part}, guard)


def agenda_loop(line: Line, first: list[Change], taken: list[Change], condition: list[str]) -> Line:
    """A loop that goes on while the list at `condition` has elements; `taken` are the first changes of each round. The
    line is the rest of its body."""
    draft = line.draft
    line.update("begin", "Begin", first, None)
    body = Line(draft)
    body.update("take", "Take the next", taken, None)
    draft.count()
    left = expression("!=", expression("length", ref(*condition)), 0)
    line.nodes.append(
        {
            "id": draft.name("work_off"),
            "kind": "loop",
            "title": "Work off what was fired",
            "while": left,
            "max_iterations": MOST_ROUNDS,
            "body": {"nodes": body.nodes},
        }
    )
    return body
