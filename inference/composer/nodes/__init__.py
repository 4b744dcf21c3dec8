"""One file per kind of node: `async def perform(node, scope, run) -> result`, where `scope` is what the node may refer to
and the result is JSON. What a node saw and gave is `Performed`; the compiler turns it into events and state."""

from __future__ import annotations

from inference.composer.nodes.base import Performed
from inference.composer.nodes.branch import choose, perform_branch
from inference.composer.nodes.emit import perform_emit
from inference.composer.nodes.function import perform_function
from inference.composer.nodes.llm import perform_llm

__all__ = ["Performed", "choose", "perform_branch", "perform_emit", "perform_function", "perform_llm"]
