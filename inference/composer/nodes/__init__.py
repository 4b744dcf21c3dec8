"""One file per kind of node, or family of kinds: `async def perform(node, step) -> result`, the result being JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from inference.composer.nodes.agent import perform_agent
from inference.composer.nodes.bodies import perform_loop, perform_map, perform_subchain
from inference.composer.nodes.branch import perform_branch, perform_join
from inference.composer.nodes.code import perform_code
from inference.composer.nodes.emit import perform_emit
from inference.composer.nodes.function import perform_function
from inference.composer.nodes.http import perform_http
from inference.composer.nodes.llm import perform_llm
from inference.composer.nodes.pauses import perform_approval, perform_wait
from inference.composer.nodes.update import perform_update

# How each kind is done.
PERFORM: dict[str, Callable[..., Awaitable[Any]]] = {
    "function": perform_function,
    "llm": perform_llm,
    "agent": perform_agent,
    "update": perform_update,
    "branch": perform_branch,
    "join": perform_join,
    "map": perform_map,
    "loop": perform_loop,
    "subchain": perform_subchain,
    "approval": perform_approval,
    "wait": perform_wait,
    "code": perform_code,
    "http": perform_http,
    "emit": perform_emit,
}
