"""One node at work: skipped or not, from the record or anew, with its attempts, its limit, its cache and its writes.

A step is *repeatable* or it *acts*: somebody outside can notice when it is done twice. A repeatable one need not be on
record before the next begins; one that acts begins when all before it is on record, and the next when it is itself (the
output commit of Elnozahy, Alvisi, Wang and Johnson, "A Survey of Rollback-Recovery Protocols in Message-Passing
Systems", ACM Computing Surveys 34(3), 2002)."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from inference.composer.clipping import clipped
from inference.composer.nodes import PERFORM
from inference.composer.scope import Frame, Halt, NodeFailed, Recorded, RunContext
from inference.composer.values import calculate, evaluate
from inference.errors import (
    NodeTimeout,
    PenstockError,
    TooDeep,
    TooManyRequests,
    Unavailable,
    UpstreamFailed,
)
from inference.functions import is_repeatable
from inference.json_values import is_object
from inference.models.toolchain import BranchNode, ChatBase, FunctionNode, LoopNode, Node, Retry, WorkBase

# Kinds that act by themselves, beside functions that do not say that they are repeatable. What others do within a kind
# acts or not as a step of its own.
_ACTING = frozenset({"llm", "http"})
# Kinds that others work in: their time is that of the others.
_CONTAINERS = frozenset({"map", "loop", "subchain", "agent"})
_MODEL = frozenset({"llm", "turn"})
_ONCE = Retry(attempts=1)
_PASSING = (Unavailable, UpstreamFailed, NodeTimeout, TooManyRequests, OSError)


async def run_node(node: Node, frame: Frame, *, last: bool = False) -> bool:
    """Does a node, or takes from the record what it gave. False: it failed, and its `on_error` takes over. Behind the
    `last` of a run nothing begins: its record is stored with the run's end. Raises NodeFailed, and Halt."""
    key, run = frame.prefix + node.id, frame.run
    found = run.journal.find(key)
    if found and not isinstance(node, LoopNode):
        frame.come_to(key)
        if not found.skipped:
            frame.nodes[node.id] = found.result
        frame.state.repeat(found.writes)
        return not found.error
    if not found and not (node.kind in _CONTAINERS and run.journal.begun(key)):
        frame.come_to(key)
    run.spent.count_step(key)
    if node.when is not None and not _holds(node, key, frame):
        run.emit("node_finished", {"node": key, "kind": node.kind, "duration_ms": 0, "output": None, "skipped": True})
        skipped = Recorded(None, skipped=True)
        if isinstance(node, BranchNode):
            skipped = Recorded({"to": node.else_})
            frame.nodes[node.id] = skipped.result
        if not found:
            await _record(run, key, node.kind, skipped, 0.0, shared=frame.shared, wait=None)
        return True
    return await _do(node, key, frame, found, last=last)


async def _do(node: Node, key: str, frame: Frame, found: Recorded | None, *, last: bool) -> bool:
    run, begun = frame.run, time.perf_counter()
    step = NodeStep(node.kind, key, frame, acts=_acts(node))
    before = len(frame.state.writes)
    try:
        result = await _attempts(node, step)
        if not found:
            frame.come_to(key)
        if isinstance(node, LoopNode):
            # What its rounds wrote was recorded with them.
            before = len(frame.state.writes)
        _write(node, step, frame, result)
        frame.nodes[node.id] = result
        error = None
    except Halt:
        raise
    except Exception as problem:
        failure = problem if isinstance(problem, NodeFailed) else NodeFailed(key, problem)
        step.tell({})
        if getattr(node, "on_error", None) is None:
            _finished(run, node.kind, key, begun + step.waited, None, failure.cause)
            raise failure from failure.cause
        error = failure.cause
        result = frame.nodes[node.id] = {"error": _told(error)}
        # What has failed has no record but this, whatever it did before.
        step.acts = True
    spent = _finished(run, node.kind, key, begun + step.waited, result, error)
    if not found:
        recorded = Recorded(result, tuple(frame.state.writes[before:]), error is not None)
        wait = False if last else step.acts or None
        await _record(run, key, node.kind, recorded, spent, shared=frame.shared, wait=wait)
    return error is None


def _acts(node: Node) -> bool:
    return not is_repeatable(node.function) if isinstance(node, FunctionNode) else node.kind in _ACTING


async def _enter(run: RunContext, key: str, *, acts: bool) -> float:
    """Returns when work may begin, and gives the seconds until then."""
    begun = time.perf_counter()
    await run.journal.enter(key, acts=acts)
    waited = time.perf_counter() - begun
    run.spent.checkpoint_ms += waited * 1000
    return waited


async def _record(
    run: RunContext, key: str, kind: str, recorded: Recorded, spent: float, *, shared: bool, wait: bool | None
) -> None:
    begun = time.perf_counter()
    try:
        await run.journal.record(key, kind, recorded, shared=shared, duration_ms=spent, wait=wait)
    except PenstockError as problem:
        raise NodeFailed(key, problem) from problem
    run.spent.checkpoint_ms += (time.perf_counter() - begun) * 1000


def _holds(node: Node, key: str, frame: Frame) -> bool:
    try:
        return bool(calculate(node.when or {}, frame.scope))
    except PenstockError as problem:
        raise NodeFailed(key, problem) from problem


def _finished(run: RunContext, kind: str, key: str, begun: float, result: Any, problem: Exception | None) -> float:
    """Tells that a step has ended, and gives how long it took. Raises NodeFailed when what it gave is not JSON."""
    spent = round((time.perf_counter() - begun) * 1000, 3)
    data = {"node": key, "kind": kind, "duration_ms": spent, "output": clipped(result)}
    try:
        run.emit("node_finished", data | {"error": _told(problem)["message"]} if problem else data)
    except PenstockError as fault:
        raise NodeFailed(key, fault) from fault
    if kind in _MODEL:
        run.spent.model_ms += spent
    elif kind not in _CONTAINERS:
        run.spent.nodes_ms += spent
    return spent


def _told(problem: Exception) -> dict[str, str]:
    """What others are told of an error. Of one that nobody foresaw only its kind: its text may hold anything."""
    if isinstance(problem, PenstockError):
        return {"type": problem.name, "message": problem.message}
    return {"type": "InternalError", "message": f"Something unforeseen ({type(problem).__name__}) happened."}


def _write(node: Node, step: NodeStep, frame: Frame, result: Any) -> None:
    for path, text in step.texts.items():
        frame.state.add_text(path, "".join(text))
    if isinstance(node, WorkBase) and node.write:
        scope = {**frame.scope, "result": result}
        for name, value in [(name, evaluate(value, scope)) for name, value in node.write.items()]:
            frame.state.write(name, value)


async def _attempts(node: Node, step: NodeStep) -> Any:
    """What the node gives: what is pinned, from the cache, or from one of its attempts."""
    if node.id in step.run.pinned:
        return _pinned(node, step)
    if not isinstance(node, WorkBase):
        return await PERFORM[node.kind](node, step)
    place = _cache_key(node, step) if node.cache else None
    if place and (body := await step.run.ctx.storage.steps.cached(step.run.ctx.user.key, place)):
        step.tell({"cached": True})
        return orjson.loads(body)
    retry = node.retry or _ONCE
    for attempt in range(1, retry.attempts + 1):
        step.waited += await _enter(step.run, step.key, acts=step.acts)
        try:
            result = await _within(_limit(node), node.id, PERFORM[node.kind](node, step))
            break
        except Halt:
            raise
        except Exception as problem:
            cause = problem.cause if isinstance(problem, NodeFailed) else problem
            if attempt == retry.attempts or not _worth_another(cause, retry):
                raise
            pause = retry.backoff_seconds * retry.factor ** (attempt - 1)
            told = {"attempt": attempt, "error": _told(cause)["message"], "next_in_seconds": pause}
            step.begin_again(told)
            await asyncio.sleep(pause)
    else:
        raise AssertionError("the last attempt returns or raises")
    if place and node.cache:
        await step.run.ctx.storage.steps.cache(
            step.run.ctx.user.key, place, orjson.dumps(result), node.cache.ttl_seconds
        )
    return result


def _pinned(node: Node, step: NodeStep) -> Any:
    """The result that the run was given for a node: nothing is done. A model's text streams where it would have."""
    step.acts = False
    step.tell({"pinned": True})
    result = step.run.pinned[node.id]
    if isinstance(node, ChatBase) and node.stream and is_object(result) and isinstance(result.get("text"), str):
        step.write_text(node.stream, result["text"])
    return result


def _limit(node: WorkBase) -> float | None:
    """A node that others work in has their limits, unless it was given one of its own."""
    if getattr(node, "kind", "") in _CONTAINERS and "timeout_seconds" not in node.model_fields_set:
        return None
    return node.timeout_seconds


async def _within(limit: float | None, name: str, work: Awaitable[Any]) -> Any:
    timeout = asyncio.timeout(limit)
    try:
        async with timeout:
            return await work
    except TimeoutError as error:
        if not timeout.expired():
            raise
        raise NodeTimeout(
            f"The node {name!r} took longer than its {limit:g} seconds. Raise timeout_seconds, or give it less."
        ) from error


def _worth_another(problem: Exception, retry: Retry) -> bool:
    if isinstance(problem, TooDeep):
        return False
    name = problem.name if isinstance(problem, PenstockError) else type(problem).__name__
    return name in retry.on if retry.on else isinstance(problem, _PASSING)


def _cache_key(node: WorkBase, step: NodeStep) -> bytes:
    """Two nodes that say the same share what they gave; a node that was changed begins anew."""
    cache = node.cache
    text = node.model_dump_json(exclude={"id", "title", "write", "cache"})
    key = orjson.dumps(step.evaluate(cache.key if cache else None), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text.encode() + b"\0" + key).digest()


class NodeStep:
    """A node at work, or a step within one. `acts`: whether it is noticed when it is done twice."""

    def __init__(self, kind: str, key: str, frame: Frame, *, acts: bool) -> None:
        self.kind, self.key, self.frame, self.acts = kind, key, frame, acts
        # Seconds for which it could not begin.
        self.waited = 0.0
        self.texts: dict[str, list[str]] = {}
        self._told = False
        # What `once` gave, for a second attempt: the journal knows only what was recorded before this process.
        self._done: dict[str, Any] = {}

    @property
    def run(self) -> RunContext:
        return self.frame.run

    @property
    def scope(self) -> Mapping[str, Any]:
        return self.frame.scope

    def evaluate(self, value: Any) -> Any:
        return evaluate(value, self.frame.scope)

    def tell(self, values: Any) -> None:
        if not self._told:
            self._told = True
            self.run.emit("node_started", {"node": self.key, "kind": self.kind, "input": clipped(values)})

    def begin_again(self, told: dict[str, Any]) -> None:
        """Forgets what an attempt has streamed."""
        self.texts = {}
        self.run.emit("state", {"node": self.key, "path": "retry", "value": told})

    def write_text(self, path: str, text: str) -> None:
        self.texts.setdefault(path, []).append(text)
        self.run.emit("delta", {"node": self.key, "path": path, "text": text})

    def answer(self) -> Recorded | None:
        """What was given to this node while the run waited for it."""
        return self.run.journal.find(f"{self.key}.answer")

    async def once(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        *,
        kind: str = "step",
        input: Any = None,
        acts: bool = True,
    ) -> Any:
        key, run = f"{self.key}.{name}", self.run
        if found := run.journal.find(key):
            return found.result
        if name in self._done:
            return self._done[name]
        run.spent.count_step(key)
        await _enter(run, key, acts=acts)
        run.emit("node_started", {"node": key, "kind": kind, "input": clipped(input)})
        begun = time.perf_counter()
        measured = "turn" if name.startswith("turn.") else kind
        try:
            result = await work()
        except (Halt, NodeFailed):
            raise
        except Exception as problem:
            _finished(run, measured, key, begun, None, problem)
            raise
        spent = _finished(run, measured, key, begun, result, None)
        await _record(run, key, kind, Recorded(result), spent, shared=False, wait=acts or None)
        self._done[name] = result
        return result

    async def run_toolchain(
        self, name: str, toolchain_id: str, version: int | None, given: Mapping[str, Any], stream: str | None = None
    ) -> dict[str, Any]:
        program = await self.run.find_program(toolchain_id, version)
        prefix = f"{self.key}.{name}." if name else f"{self.key}."
        return await program.call(self, prefix, dict(given), stream)
