"""One request to a model, within the limits of whoever asks, and what it cost."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from inference.functions.context import Context
from inference.functions.gateway.counting import Counted, Refused
from inference.functions.gateway.limits import refusal
from inference.functions.gateway.routes import Candidate
from inference.functions.gateway.tokens import Tokens, estimate


@dataclass(slots=True)
class Asking:
    """A request under way: whom it may be put to, in order, whom it was put to last, and what came of it."""

    candidates: Sequence[Candidate]
    model: str
    bytes: int
    characters: int = 0
    events: int = 0
    told: Tokens | None = None

    def hear(self, characters: int, usage: dict[str, int] | None) -> None:
        """A part of the answer."""
        self.events += 1
        self.characters += characters
        if usage:
            self.told = Tokens(
                usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0), usage.get("cached_tokens", 0)
            )

    @property
    def tokens(self) -> Tokens:
        """As told, or estimated; none of a request that got no answer."""
        if self.told or not self.events:
            return self.told or Tokens()
        return estimate(self.bytes, self.characters)


@contextlib.asynccontextmanager
async def asking(
    ctx: Context, model: str, messages: list[dict[str, Any]], options: dict[str, Any]
) -> AsyncGenerator[Asking]:
    """Lets a request in and counts it at its end. Raises TooManyRequests."""
    access = ctx.access
    if access is None:
        yield Asking([Candidate(model, {})], model, 0)
        return
    candidates = access.known.plan(model)
    asked = Asking(candidates, model, len(orjson.dumps(messages)))
    rules = access.limits.rules(ctx.user, candidates[0].model)
    counted: Counted | None = None
    if rules:
        most = asked.bytes // 4 + int(options.get("max_tokens") or 0)
        said = await access.limits.admit(rules, most)
        if isinstance(said, Refused):
            raise refusal(said)
        counted = said
    failed = True
    try:
        yield asked
        failed = False
    finally:
        if counted:
            access.limits.settle(counted, asked.tokens.total)
        access.meter.add(ctx.user, asked.model, asked.tokens, failed=failed)
