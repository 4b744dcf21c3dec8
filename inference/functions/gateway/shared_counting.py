"""The same counts in Redis, for several processes that are to hold one limit together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator, Sequence
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from inference.functions.gateway.counting import DAY, SPAN, Counted, NotShared, Refused, Rule, Standing

# How long a request counts as open after its process was last heard of, and how often it is heard.
OPEN_SECONDS, RENEW_SECONDS = 60, 15
_PREFIX = "penstock:limits:"

# Checks every rule and then counts, in one step that no other client comes between; the clock is the server's. By rule:
# KEYS its counter; ARGV measure, most, amount. Before them: request id, the seconds of a window and of an open request.
# A window is a hash from second to amount. Answers {0, rule, wait} or {1, second, left, reset, left, reset, …}.
_ADMIT = """
local time = redis.call('TIME')
local now, request, span, open = tonumber(time[1]), ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local totals = {}
for i, key in ipairs(KEYS) do
  local measure, most, amount = ARGV[1 + i * 3], tonumber(ARGV[2 + i * 3]), tonumber(ARGV[3 + i * 3])
  local total, wait = 0, 0
  if measure == 'requests' or measure == 'tokens' then
    local fields, seconds = redis.call('HGETALL', key), {}
    for j = 1, #fields, 2 do
      local second = tonumber(fields[j])
      if second <= now - span then redis.call('HDEL', key, fields[j])
      else total = total + tonumber(fields[j + 1]); seconds[#seconds + 1] = {second, tonumber(fields[j + 1])} end
    end
    table.sort(seconds, function(a, b) return a[1] < b[1] end)
    local function until_gone(surplus)
      for _, entry in ipairs(seconds) do
        surplus = surplus - entry[2]
        if surplus <= 0 then return entry[1] + span - now end
      end
      return span
    end
    if total + amount > most or most == 0 or (measure == 'tokens' and total >= most) then
      wait = math.max(until_gone(math.max(total + amount - most, 1)), 1)
    end
    totals[i] = {total + amount, total > 0 and until_gone(total) or span}
  elseif measure == 'day' then
    total = tonumber(redis.call('GET', key) or '0')
    local left = 86400 - now % 86400
    if total >= most or total + amount > most then wait = left end
    totals[i] = {total + amount, left}
  else
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - open)
    total = redis.call('ZCARD', key)
    if total >= most then wait = 1 end
    totals[i] = {total + 1, 0}
  end
  if wait > 0 then return {0, i, wait} end
end
local answer = {1, now}
for i, key in ipairs(KEYS) do
  local measure, most, amount = ARGV[1 + i * 3], tonumber(ARGV[2 + i * 3]), tonumber(ARGV[3 + i * 3])
  if measure == 'requests' or measure == 'tokens' then
    redis.call('HINCRBY', key, now, amount)
    redis.call('EXPIRE', key, span + 1)
  elseif measure == 'day' then
    redis.call('INCRBY', key, amount)
    redis.call('EXPIRE', key, 172800)
  else
    redis.call('ZADD', key, now, request)
    redis.call('EXPIRE', key, open + 1)
  end
  answer[#answer + 1] = math.max(most - totals[i][1], 0)
  answer[#answer + 1] = totals[i][2]
end
return answer
"""

# What was set aside becomes what it cost. KEYS as above; ARGV: request id, second, span, by rule measure, difference.
_SETTLE = """
local now, request, second, span = tonumber(redis.call('TIME')[1]), ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for i, key in ipairs(KEYS) do
  local measure, more = ARGV[2 + i * 2], tonumber(ARGV[3 + i * 2])
  if measure == 'tokens' then
    if second <= now - span then
      if more > 0 then redis.call('HINCRBY', key, now, more) end
    elseif redis.call('HINCRBY', key, second, more) < 0 then
      redis.call('HSET', key, second, 0)
    end
    redis.call('EXPIRE', key, span + 1)
  elseif measure == 'day' then
    if redis.call('INCRBY', key, more) < 0 then redis.call('SET', key, 0) end
    redis.call('EXPIRE', key, 172800)
  elseif measure == 'concurrent' then
    redis.call('ZREM', key, request)
  end
end
return 1
"""

# Requests that are still open. KEYS their counters; ARGV the seconds of an open request, and by key the request.
_RENEW = """
local now = tonumber(redis.call('TIME')[1])
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, 'XX', now, ARGV[1 + i])
  redis.call('EXPIRE', key, ARGV[1] + 1)
end
return 1
"""


class SharedCounts:
    """Counts at a Redis. Raises NotShared while it does not answer."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - its options are untyped
            url, socket_timeout=2, socket_connect_timeout=2
        )
        self._admit = self._redis.register_script(_ADMIT)
        self._settle = self._redis.register_script(_SETTLE)
        self._renew = self._redis.register_script(_RENEW)
        self._open: dict[str, Counted] = {}
        self._renewing: asyncio.Task[None] | None = None

    async def begin_day(self, rule: Rule, tokens: int, now: float) -> None:
        """Sets what was used today before anybody counted here."""
        with _answering():
            await self._redis.set(_key(rule, int(now) // DAY), tokens, nx=True, ex=2 * DAY)

    async def admit(self, rules: Sequence[Rule], request: str, tokens: int, now: float) -> Counted | Refused:
        """As Counts.admit. `now` tells the day; within it the server's clock counts."""
        second = int(now)
        arguments: list[Any] = [request, SPAN, OPEN_SECONDS]
        for rule in rules:
            arguments += [rule.measure, rule.most, 1 if rule.measure == "requests" else min(tokens, rule.most)]
        keys = [_key(rule, second // DAY) for rule in rules]
        with _answering():
            said = cast("list[int]", await self._admit(keys=keys, args=arguments))
        if not said[0]:
            return Refused(rules[said[1] - 1], said[2])
        standings = [Standing(rule, said[2 + 2 * at], said[3 + 2 * at]) for at, rule in enumerate(rules)]
        counted = Counted(tuple(rules), request, said[1], second // DAY, tokens, tuple(standings))
        if any(rule.measure == "concurrent" for rule in rules):
            self._open[request] = counted
            self._renewing = self._renewing or asyncio.create_task(self._tell_open())
        return counted

    async def settle(self, counted: Counted, tokens: int) -> None:
        """As Counts.settle."""
        self._open.pop(counted.request, None)
        arguments: list[Any] = [counted.request, counted.second, SPAN]
        for rule in counted.rules:
            arguments += [rule.measure, tokens - min(counted.tokens, rule.most)]
        with _answering():
            await self._settle(keys=[_key(rule, counted.day) for rule in counted.rules], args=arguments)

    async def close(self) -> None:
        if self._renewing:
            self._renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewing
        await self._redis.aclose()

    async def _tell_open(self) -> None:
        """Tells that the requests under way are still open: those of a process that died stop counting."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            open_now = [
                (_key(rule, counted.day), counted.request)
                for counted in self._open.values()
                for rule in counted.rules
                if rule.measure == "concurrent"
            ]
            if open_now:
                keys, requests = zip(*open_now, strict=True)
                with contextlib.suppress(NotShared), _answering():  # the next round tells again
                    await self._renew(keys=keys, args=[OPEN_SECONDS, *requests])


@contextlib.contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise NotShared(type(error).__name__) from error


def _key(rule: Rule, day: int) -> str:
    """The counter's name; each day has one of its own."""
    of = f":{day}" if rule.measure == "day" else ""
    return f"{_PREFIX}{rule.measure}:{rule.key}{of}"
