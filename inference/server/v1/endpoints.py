"""The paths of the token path: what each asks upstream for, how its errors look, and how it is translated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from inference.runner import DEFAULT_CHAT_MODEL
from inference.server.v1.toolchain_model import PREFIX
from inference.server.v1.translation import (
    CompletionsTranslation,
    MessagesTranslation,
    ResponsesTranslation,
    Translation,
)

CHAT = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path. `upstream`: where models are asked; `translate`: how what is asked becomes a chat completion."""

    path: str
    upstream: str
    dialect: Literal["openai", "anthropic"] = "openai"
    translate: Callable[[dict[str, Any]], Translation] | None = None


ENDPOINTS = {
    endpoint.path: endpoint
    for endpoint in (
        Endpoint("/v1/chat/completions", CHAT),
        Endpoint("/v1/completions", "/completions"),
        Endpoint("/v1/embeddings", "/embeddings"),
        Endpoint("/v1/rerank", "/rerank"),
        Endpoint("/v1/responses", CHAT, translate=ResponsesTranslation),
        Endpoint("/v1/messages", CHAT, "anthropic", MessagesTranslation),
    )
}
_LEGACY = Endpoint("/v1/completions", CHAT, translate=CompletionsTranslation)


def endpoint_for(endpoint: Endpoint, model: str) -> Endpoint:
    """The endpoint as it is for a model: those of our own only chat, so that their completions are translated."""
    if endpoint.upstream == "/completions" and (model == DEFAULT_CHAT_MODEL or model.startswith(PREFIX)):
        return _LEGACY
    return endpoint
