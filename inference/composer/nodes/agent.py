"""Lets a chat model call tools until it answers.

Every turn of the model and every call of a tool is a step of its own, so that a run that is carried on repeats none.
What a limit decided is recorded with the turn that it decided about: carried on, the run goes the same way.

The state path of `stream` holds `result.text` alone. Whether a turn's text is the answer or only goes with tool calls
is known at the turn's end, so it streams then; a turn in which the model can call nothing streams as it is written.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import orjson

from inference.composer.nodes.base import Step
from inference.composer.nodes.chat import Chat, Voice, messages_of, numbers_of, total
from inference.composer.nodes.found import FoundSources
from inference.composer.nodes.shape import Fitted, fit, mending, unfit
from inference.composer.nodes.tools import OfferedTool, arguments_of, offered_tools
from inference.composer.scope import NodeFailed, Paused
from inference.errors import InvalidInput, LimitReached, NodeTimeout, NotFound, PenstockError
from inference.functions import Answer
from inference.json_values import is_array
from inference.models.toolchain import AgentLimits, AgentNode

if TYPE_CHECKING:
    from inference.models.runs import Pause

# So much of `limits.seconds` is for the work; the rest is kept for the answer from what there is by then.
_SHARE_FOR_WORK = 0.8
# Calls of one turn that are done, and how many of them at once.
_MOST_CALLS = 32
_AT_ONCE = 8
# Characters of a tool's result that the model is shown: about 5 000 tokens.
_SHOWN_CHARACTERS = 20_000
# A longer result is kept in `steps` as the model was shown it: the step of the call holds the whole of it.
_KEPT_CHARACTERS = 256_000
_ANSWER_NOW = {
    "role": "user",
    "content": "No more tools can be called. Give the best answer that you can from what you have.",
}
_NO_WORD = re.compile(r"[^A-Za-z0-9_-]")


async def perform_agent(node: AgentNode, step: Step) -> dict[str, Any]:
    """`{text, data, steps, finish_reason, usage, citations, sources}`.

    `steps` are the tools' calls in order, `{tool, arguments, result, duration_ms}` with `error: {type, message}` in the
    place of `result` where there was one; the model is told of it and goes on. `sources`: those of `cite`, or else what
    the hits of its tools were numbered as. `finish_reason` is `limit` where a limit ended the work: `limits.steps`
    turns with tools, `limits.tokens`, or most of `limits.seconds` since this attempt began; then the model is asked
    once more, without tools. Raises LimitReached when that answer does not come within `limits.seconds`, InvalidInput
    for one that never fits `answer_schema`, and what `inference.functions.stream` raises.
    """
    tools = await offered_tools(node.tools, step)
    work = _Work(node, step, tools, messages_of(node, step))
    return await work.run()


class _Work:
    """One agent at work."""

    def __init__(
        self, node: AgentNode, step: Step, tools: dict[str, OfferedTool], messages: list[dict[str, Any]]
    ) -> None:
        self._node, self._step, self._tools = node, step, tools
        self._chat = Chat(node, step)
        self._cite = step.evaluate(node.cite)
        self._found = FoundSources()
        self._steps: list[dict[str, Any]] = []
        self._usage: dict[str, int] = {}
        self._told = 0
        self._limits = node.limits or AgentLimits()
        begun = asyncio.get_running_loop().time()
        self._work_ends = begun + self._limits.seconds * _SHARE_FOR_WORK
        self._ends = begun + self._limits.seconds
        step.tell({"model": self._chat.model, "messages": messages, "tools": list(tools)})
        self._messages = self._chat.opening(messages)
        self._voice = self._new_voice()
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> dict[str, Any]:
        number, repairs, late, limited, with_tools = 0, 0, False, False, bool(self._tools)
        while True:
            turn = await self._turn(number, with_tools=with_tools, late=late)
            self._usage = total(self._usage, turn["usage"])
            late = turn["late"]
            if turn["closing"]:
                limited, with_tools = True, False
                self._messages.append(_ANSWER_NOW)
            if turn["calls"]:
                await self._call_all(number, turn)
            elif not late:
                fitted = Fitted() if self._chat.schema is None else fit(turn["text"], self._chat.schema)
                if not fitted.faults:
                    break
                if repairs == self._node.repairs:
                    raise unfit(fitted.faults, repairs)
                repairs, with_tools = repairs + 1, False
                self._messages += mending(turn["text"], fitted.faults)
            number += 1
        self._voice.finish(turn["text"])
        return {
            "text": turn["text"],
            "data": fitted.data,
            "steps": self._steps,
            "finish_reason": "limit" if limited else turn["finish_reason"],
            "usage": self._usage,
            "citations": self._voice.citations,
            "sources": self._sources,
        }

    @property
    def _sources(self) -> list[Any]:
        if self._cite is None:
            return self._found.sources
        return self._cite if is_array(self._cite) else []

    def _new_voice(self) -> Voice:
        return Voice(self._step, self._node.stream, numbers_of(self._sources))

    async def _turn(self, number: int, *, with_tools: bool, late: bool) -> dict[str, Any]:
        """What the model says: `{text, calls, too_many, finish_reason, usage, closing, late}`. `late`: it said nothing,
        for the time of the work was over."""
        self._voice = voice = self._new_voice()
        fresh, self._told = self._messages[self._told :], len(self._messages)

        async def work() -> dict[str, Any]:
            closing = with_tools and (late or self._at_a_limit(number))
            offer = [tool.definition for tool in self._tools.values()] if with_tools and not closing else []
            messages = [*self._messages, _ANSWER_NOW] if closing else self._messages
            live = not offer and self._chat.schema is None
            limit = asyncio.timeout_at(self._work_ends if offer else self._ends)
            answer, in_time = Answer(), True
            try:
                async with limit:
                    answer = await self._chat.ask(messages, offer, voice.say if live else None)
            except TimeoutError:
                if not limit.expired():
                    raise
                if not offer:
                    raise self._too_late() from None
                in_time = False
            calls = [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in answer.tool_calls]
            return {
                "text": answer.text,
                "calls": calls if offer else [],
                "too_many": answer.too_many,
                "finish_reason": answer.finish_reason,
                "usage": answer.usage,
                "closing": closing,
                "late": not in_time,
            }

        given = {"model": self._chat.model, "messages": fresh}
        return await self._step.once(f"turn.{number}", work, kind="turn", input=given)

    def _at_a_limit(self, number: int) -> bool:
        spent = self._usage.get("total_tokens") or (
            self._usage.get("prompt_tokens", 0) + self._usage.get("completion_tokens", 0)
        )
        limits = self._limits
        late = asyncio.get_running_loop().time() >= self._work_ends
        return late or number >= limits.steps or spent >= limits.tokens

    def _too_late(self) -> LimitReached:
        seconds = self._limits.seconds
        return LimitReached(f"The agent did not answer within its {seconds:g} seconds. Raise limits.seconds.")

    async def _call_all(self, number: int, turn: dict[str, Any]) -> None:
        """Does the calls of a turn side by side, and adds them and what they gave to the messages."""
        calls = turn["calls"][:_MOST_CALLS]
        wire = [
            {"id": call["id"], "type": "function", "function": {"name": _wire_name(call), "arguments": _wire(call)}}
            for call in calls
        ]
        self._messages.append({"role": "assistant", "content": turn["text"] or None, "tool_calls": wire})
        known = len(self._found.sources)
        outcomes = await _side_by_side([self._call(f"call.{number}.{place}", call) for place, call in enumerate(calls)])
        for call, outcome in zip(calls, outcomes, strict=True):
            content = await self._shown(outcome)
            self._messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
            self._steps.append(_kept(call, outcome, content))
        if len(calls) < len(turn["calls"]) or turn["too_many"]:
            self._messages[-1]["content"] += (
                f"\n\n(Only the first {_MOST_CALLS} calls were made; ask for fewer at once.)"
            )
        if len(self._found.sources) > known:
            self._step.run.emit("sources", {"node": self._step.key, "sources": self._found.sources})

    async def _call(self, place: str, call: dict[str, Any]) -> dict[str, Any]:
        async def work() -> dict[str, Any]:
            begun = time.perf_counter()
            outcome = await self._outcome(place, call)
            return outcome | {"duration_ms": round((time.perf_counter() - begun) * 1000, 3)}

        async with self._gate:
            given = {"tool": call["name"], "arguments": _arguments(call)}
            tool = self._tools.get(call["name"])
            return await self._step.once(place, work, kind="tool", input=given, acts=tool is None or tool.acts)

    async def _outcome(self, place: str, call: dict[str, Any]) -> dict[str, Any]:
        """`{result}`, or `{error}` where the tool had one that the model is told of."""
        limit = asyncio.timeout_at(self._work_ends)
        try:
            async with limit:
                tool = self._tools.get(call["name"])
                if tool is None:
                    raise NotFound(f"There is no tool {call['name'][:80]!r}; there are {', '.join(self._tools)}.")
                result = await tool.call(self._step, place, arguments_of(call["arguments"]))
                _as_json(result)
                return {"result": result}
        except TimeoutError:
            if not limit.expired():
                raise
            problem: Exception = NodeTimeout("The tool was stopped: the agent's time is over.")
        except (PenstockError, NodeFailed) as failure:
            problem = failure.cause if isinstance(failure, NodeFailed) else failure
            if not isinstance(problem, PenstockError):
                raise
        return {"error": {"type": problem.name, "message": problem.message}}

    async def _shown(self, outcome: dict[str, Any]) -> str:
        """What the model is told that a call gave."""
        if "error" in outcome:
            return _cut(_as_json({"error": outcome["error"]}))
        result = outcome["result"]
        if self._cite is None and (passages := await self._found.show(self._step.run.ctx, result)):
            rest = {name: value for name, value in result.items() if name != "hits"}
            return f"{_cut(_as_json(rest))}\n\n{passages}" if rest else passages
        return _cut(result if isinstance(result, str) else _as_json(result))


async def _side_by_side(calls: list[Awaitable[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What the calls give, in order. Those that pause the run let the others end first; another failure ends them."""

    async def settled(call: Awaitable[dict[str, Any]]) -> dict[str, Any] | Paused:
        try:
            return await call
        except Paused as pause:
            return pause

    tasks = [asyncio.ensure_future(settled(call)) for call in calls]
    try:
        done = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    pauses: list[Pause] = [pause for each in done if isinstance(each, Paused) for pause in each.pauses]
    if pauses:
        raise Paused(pauses)
    return [each for each in done if not isinstance(each, Paused)]


def _arguments(call: dict[str, Any]) -> Any:
    """The arguments as an object, or the text where the model wrote none."""
    try:
        return arguments_of(call["arguments"])
    except InvalidInput:
        return call["arguments"]


def _wire(call: dict[str, Any]) -> str:
    """The arguments as they are sent back: engines read them again, and refuse the history when they are not JSON."""
    return call["arguments"] if call["arguments"].strip() and not isinstance(_arguments(call), str) else "{}"


def _wire_name(call: dict[str, Any]) -> str:
    """The name as it is sent back: providers refuse a history with names that no tool can have."""
    return _NO_WORD.sub("_", call["name"])[:64] or "unnamed"


def _kept(call: dict[str, Any], outcome: dict[str, Any], shown: str) -> dict[str, Any]:
    """A call as `result.steps` has it."""
    kept = {"tool": call["name"], "arguments": _arguments(call)} | outcome
    if "result" in outcome and len(_as_json(outcome["result"])) > _KEPT_CHARACTERS:
        kept["result"] = shown
    return kept


def _as_json(value: Any) -> str:
    """Raises InvalidInput."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"What the tool gave is not JSON: {error}.") from None


def _cut(text: str) -> str:
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return f"{text[:_SHOWN_CHARACTERS]}… (cut: the whole has {len(text):,} characters)"
