"""Who may ask how much: the rules that concern a request, and where they are counted."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from db import Storage
from inference.errors import TooManyRequests
from inference.functions.context import Caller
from inference.functions.gateway.counting import DAY, Counted, Counts, Measure, NotShared, Refused, Rule, Standing
from inference.functions.gateway.known import Known
from inference.functions.identifiers import new_id
from inference.models.gateway import UsageLimit
from inference.single_flight import SingleFlight

if TYPE_CHECKING:
    from inference.functions.gateway.shared_counting import SharedCounts

_log = logging.getLogger(__name__)

_MEASURES: tuple[tuple[str, Measure], ...] = (
    ("requests_per_minute", "requests"),
    ("tokens_per_minute", "tokens"),
    ("tokens_per_day", "day"),
    ("concurrent_requests", "concurrent"),
)
_WORDS: dict[Measure, str] = {
    "requests": "requests a minute",
    "tokens": "tokens a minute",
    "day": "tokens a day",
    "concurrent": "requests at once",
}
# Names of headers: the limit, what is left of it, and when all of it is there again.
_TOLD = ("limit", "remaining", "reset")
_SHOWN: tuple[Measure, ...] = ("requests", "tokens")
_OPENAI = {measure: tuple(f"x-ratelimit-{name}-{measure}".encode() for name in _TOLD) for measure in _SHOWN}
_ANTHROPIC = {measure: tuple(f"anthropic-ratelimit-{measure}-{name}".encode() for name in _TOLD) for measure in _SHOWN}
_PRUNE_EVERY = 1000
_COMPLAIN_SECONDS = 60.0


class Limits:
    """Counts in this process or, with a Redis, together with others. While the Redis does not answer each process
    counts for itself."""

    def __init__(self, known: Known, storage: Storage, redis_url: str) -> None:
        self._known, self._storage = known, storage
        self._counts = Counts()
        self._shared = _shared_counts(redis_url) if redis_url else None
        self._rules: dict[tuple[str, UUID | None, str], tuple[Rule, ...]] = {}
        self._version = -1
        self._days: set[tuple[str, int]] = set()
        self._beginning = SingleFlight[tuple[str, int], None]()
        self._alone: set[str] = set()
        self._settling: set[asyncio.Task[None]] = set()
        self._complained = float("-inf")
        self._admitted = 0

    def rules(self, caller: Caller, model: str) -> tuple[Rule, ...]:
        """The rules that a request of this caller for this model has to keep."""
        if self._version != self._known.version:
            self._version = self._known.version
            self._rules.clear()
        key = (caller.username, caller.api_key, model)
        rules = self._rules.get(key)
        if rules is None:
            if len(self._rules) > 100_000:
                self._rules.clear()
            rules = self._rules[key] = rules_of(self._known.limits, caller, model)
        return rules

    async def admit(self, rules: Sequence[Rule], tokens: int) -> Counted | Refused:
        """Counts a request that may cost so many tokens, if every rule holds with it."""
        # Counts that are shared know requests by an id, which is ours: two to which a client gave one would be one.
        now, request = time.time(), new_id().hex if self._shared else ""
        for rule in rules:
            if rule.measure == "day" and (day := (rule.key, int(now) // DAY)) not in self._days:
                await self._beginning.do(day, lambda rule=rule: self._begin_day(rule, now))
        said = await self._count(rules, request, tokens, now)
        self._admitted += 1
        if self._admitted % _PRUNE_EVERY == 0:
            self._counts.prune(now)
        return said

    def settle(self, counted: Counted, tokens: int) -> None:
        """A request has ended with so many tokens."""
        if self._shared is None or counted.request in self._alone:
            self._alone.discard(counted.request)
            self._counts.settle(counted, tokens, time.time())
            return
        task = asyncio.create_task(self._settle_shared(self._shared, counted, tokens))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def close(self) -> None:
        if self._settling:
            await asyncio.wait(self._settling, timeout=2)
        if self._shared:
            await self._shared.close()

    async def _count(self, rules: Sequence[Rule], request: str, tokens: int, now: float) -> Counted | Refused:
        if self._shared:
            try:
                return await self._shared.admit(rules, request, tokens, now)
            except NotShared as error:
                self._complain(error)
                said = self._counts.admit(rules, request, tokens, now)
                if isinstance(said, Counted):
                    self._alone.add(request)
                return said
        return self._counts.admit(rules, request, tokens, now)

    async def _settle_shared(self, shared: SharedCounts, counted: Counted, tokens: int) -> None:
        try:
            await shared.settle(counted, tokens)
        except NotShared as error:
            self._complain(error)

    async def _begin_day(self, rule: Rule, now: float) -> None:
        """Takes what was used since midnight from what is stored: a budget holds over a new start."""
        today = int(now) // DAY
        kind, _, subject = rule.key.partition(":")
        used = await self._storage.usage.tokens_since(
            _midnight(today),
            username=subject if kind == "user" else None,
            api_key=UUID(subject) if kind == "api_key" else None,
            model=subject if kind == "model" else None,
        )
        self._counts.begin_day(rule, used, now)
        if self._shared:
            try:
                await self._shared.begin_day(rule, used, now)
            except NotShared as error:
                self._complain(error)
                return
        self._days = {held for held in self._days if held[1] == today} | {(rule.key, today)}

    def _complain(self, error: Exception) -> None:
        if time.monotonic() - self._complained > _COMPLAIN_SECONDS:
            self._complained = time.monotonic()
            _log.warning("Redis does not answer (%s): limits are counted in each process alone", error)


def _shared_counts(redis_url: str) -> SharedCounts:
    from inference.functions.gateway.shared_counting import SharedCounts  # noqa: PLC0415 - its client weighs several MB

    return SharedCounts(redis_url)


def rules_of(limits: dict[tuple[str, str], UsageLimit], caller: Caller, model: str) -> tuple[Rule, ...]:
    """The rules of the caller, of the key and of the model. Of a toolchain only its own: the models that it asks are
    counted for whoever runs it. Pure."""
    name = caller.username.lower()
    own = [(f"model:{model}", limits.get(("model", model)))]
    callers = [
        (f"user:{name}", limits.get(("user", name)) or limits.get(("each_user", ""))),
        (f"api_key:{caller.api_key}", limits.get(("api_key", str(caller.api_key)))),
    ]
    found = own if model.startswith("toolchain/") else callers + own
    return tuple(
        Rule(key, measure, most)
        for key, limit in found
        if limit is not None
        for field, measure in _MEASURES
        if (most := getattr(limit, field)) is not None
    )


def refusal(refused: Refused) -> TooManyRequests:
    """What a caller is told who has come to a limit."""
    rule, wait = refused.rule, max(math.ceil(refused.wait), 1)
    kind, _, subject = rule.key.partition(":")
    of = f"the model {subject!r}" if kind == "model" else {"user": "your account", "api_key": "this API key"}[kind]
    return TooManyRequests(
        f"The limit of {of} is reached: {rule.most:,} {_WORDS[rule.measure]}. Try again in {wait} s.", retry_after=wait
    )


def limit_headers(found: Sequence[Standing], *, anthropic: bool) -> list[tuple[bytes, bytes]]:
    """The narrowest of the limits a minute, as OpenAI's or Anthropic's headers tell them."""
    narrowest: dict[Measure, Standing] = {}
    for standing in found:
        other = narrowest.get(standing.rule.measure)
        if other is None or standing.left < other.left:
            narrowest[standing.rule.measure] = standing
    headers: list[tuple[bytes, bytes]] = []
    names = _ANTHROPIC if anthropic else _OPENAI
    for measure in _SHOWN:
        if standing := narrowest.get(measure):
            reset = math.ceil(standing.reset)
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + reset)) if anthropic else f"{reset}s"
            told = (b"%d" % standing.rule.most, b"%d" % standing.left, at.encode())
            headers += zip(names[measure], told, strict=True)
    return headers


def _midnight(day: int) -> datetime:
    return datetime.fromtimestamp(day * DAY, UTC)
