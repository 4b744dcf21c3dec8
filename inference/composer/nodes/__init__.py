"""One file per kind of node: `async def perform(node, scope, run, tell) -> Performed`, where `scope` is what the node
may refer to, and `tell` is called once with what it was given. The compiler turns that into events and state."""

from __future__ import annotations

from inference.composer.nodes.base import Performed
from inference.composer.nodes.branch import choose, perform_branch
from inference.composer.nodes.emit import perform_emit
from inference.composer.nodes.function import perform_function
from inference.composer.nodes.llm import perform_llm

__all__ = ["Performed", "choose", "perform_branch", "perform_emit", "perform_function", "perform_llm"]
