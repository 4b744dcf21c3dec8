"""How much was asked of late, counted exactly, in this process. Pure: time is given."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

SPAN = 60
"""Seconds that a minute's limits look back. They count by the second: in no 60 whole seconds is there more."""
DAY = 86_400

Measure = Literal["requests", "tokens", "day", "concurrent"]
_BY_MINUTE = ("requests", "tokens")


class NotShared(Exception):
    """The counts that processes share cannot be reached."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit of one subject: no more than `most` of what `measure` says. `key` tells subjects apart."""

    key: str
    measure: Measure
    most: int


class Standing(NamedTuple):
    """A rule after a request was counted: what is left of it, and seconds until all of it is there again."""

    rule: Rule
    left: int
    reset: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The rule that a request broke, and seconds until it would hold."""

    rule: Rule
    wait: float


class Counted(NamedTuple):
    """A request that was let in: what it was counted as, and when: by the clock of the counts, and on which day of the
    caller's. `tokens` are those that were set aside for it."""

    rules: tuple[Rule, ...]
    request: str
    second: int
    day: int
    tokens: int
    standings: tuple[Standing, ...] = ()


class Window:
    """Amounts of the last SPAN seconds, by the second."""

    __slots__ = ("_seconds", "total")

    def __init__(self) -> None:
        self._seconds: deque[list[int]] = deque()
        self.total = 0

    def forget(self, now: int) -> None:
        """Drops what is too long ago."""
        while self._seconds and self._seconds[0][0] <= now - SPAN:
            self.total -= self._seconds.popleft()[1]

    def add(self, second: int, amount: int, now: int) -> None:
        """Adds to a second, and takes away with a negative amount: of a second that is forgotten nothing can be taken,
        and what is added to one counts now."""
        for entry in reversed(self._seconds):
            if entry[0] == second:
                break
        else:
            if amount <= 0:
                return
            entry = [max(second, now), 0]
            self._seconds.append(entry)
        amount = max(amount, -entry[1])
        entry[1] += amount
        self.total += amount

    def reset(self, now: int) -> int:
        """Seconds until all of what is counted is too long ago."""
        return self._seconds[-1][0] + SPAN - now if self._seconds else 0

    def wait(self, now: int, surplus: int) -> float:
        """Seconds until so much of what is counted is too long ago."""
        for second, amount in self._seconds:
            surplus -= amount
            if surplus <= 0:
                return second + SPAN - now
        return SPAN


class Counts:
    """What every subject has been counted."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, Measure], Window] = {}
        self._days: dict[str, tuple[int, int]] = {}
        self._open: dict[str, int] = {}

    def day_known(self, rule: Rule, now: float) -> bool:
        """Whether the tokens of today have been counted from its beginning."""
        return self._days.get(rule.key, (0, 0))[0] == int(now) // DAY

    def begin_day(self, rule: Rule, tokens: int, now: float) -> None:
        """Sets what was used today before this process counted."""
        if not self.day_known(rule, now):
            self._days[rule.key] = (int(now) // DAY, tokens)

    def admit(self, rules: Sequence[Rule], request: str, tokens: int, now: float) -> Counted | Refused:
        """Counts a request of so many tokens, if every rule holds with it; else counts nothing."""
        second = int(now)
        counters = [(rule, self._window(rule, second)) for rule in rules]
        for rule, window in counters:
            if (wait := self._wait(rule, window, tokens, now)) > 0:
                return Refused(rule, wait)
        standings = tuple([self._add(rule, window, tokens, now) for rule, window in counters])
        return Counted(tuple(rules), request, second, second // DAY, tokens, standings)

    def settle(self, counted: Counted, tokens: int, now: float) -> None:
        """A request has ended with so many tokens: what was set aside for it becomes what it cost."""
        second = int(now)
        for rule in counted.rules:
            if rule.measure == "requests":
                continue
            more = tokens - min(counted.tokens, rule.most)
            if window := self._window(rule, second):
                window.add(counted.second, more, second)
            elif rule.measure == "day":
                day, used = self._days.get(rule.key, (0, 0))
                if day == counted.day:
                    self._days[rule.key] = (day, max(used + more, 0))
            else:
                self._open[rule.key] = self._open.get(rule.key, 1) - 1
                if self._open[rule.key] <= 0:
                    del self._open[rule.key]

    def prune(self, now: float) -> None:
        """Forgets subjects of whom nothing is counted any more."""
        second = int(now)
        for key, window in list(self._windows.items()):
            window.forget(second)
            if not window.total:
                del self._windows[key]
        self._days = {key: day for key, day in self._days.items() if day[0] == second // DAY}

    def _wait(self, rule: Rule, window: Window | None, tokens: int, now: float) -> float:
        """Seconds until the rule would hold; 0 when it does."""
        if window:
            # More than a limit is never set aside at once: a large request waits until nothing else is counted.
            surplus = window.total + _amount(rule, tokens) - rule.most
            spent = rule.most == 0 or (rule.measure == "tokens" and window.total >= rule.most)
            return max(window.wait(int(now), max(surplus, 1)), 1) if surplus > 0 or spent else 0
        if rule.measure == "concurrent":
            return 1 if self._open.get(rule.key, 0) >= rule.most else 0
        used = self._today(rule, int(now))
        spent = used >= rule.most or used + _amount(rule, tokens) > rule.most
        return (int(now) // DAY + 1) * DAY - now if spent else 0

    def _add(self, rule: Rule, window: Window | None, tokens: int, now: float) -> Standing:
        """Counts a request, and gives how the rule stands then."""
        second = int(now)
        if window:
            window.add(second, _amount(rule, tokens), second)
            return Standing(rule, max(rule.most - window.total, 0), window.reset(second))
        if rule.measure == "concurrent":
            used = self._open[rule.key] = self._open.get(rule.key, 0) + 1
            return Standing(rule, max(rule.most - used, 0), 0)
        day, used = second // DAY, self._today(rule, second) + _amount(rule, tokens)
        self._days[rule.key] = (day, used)
        return Standing(rule, max(rule.most - used, 0), (day + 1) * DAY - now)

    def _window(self, rule: Rule, second: int) -> Window | None:
        """Where a rule of a minute is counted; None for another."""
        if rule.measure not in _BY_MINUTE:
            return None
        key = (rule.key, rule.measure)
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = Window()
        window.forget(second)
        return window

    def _today(self, rule: Rule, second: int) -> int:
        day, tokens = self._days.get(rule.key, (0, 0))
        return tokens if day == second // DAY else 0


def _amount(rule: Rule, tokens: int) -> int:
    """What a request of so many tokens counts."""
    return 1 if rule.measure == "requests" else min(tokens, rule.most)
