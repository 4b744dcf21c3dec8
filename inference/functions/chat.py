"""Asking a chat model over the OpenAI protocol, at the engine that the runner leased."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from inference.errors import InvalidInput, LimitReached, Unavailable, UpstreamFailed
from inference.functions.context import Context
from inference.functions.providers import ProviderModel, find_provider
from inference.functions.web import check_address, guarded_session, read_url
from inference.json_values import as_array, as_object
from inference.runner import Lease

# A stream that says nothing for so long has stalled.
_SILENCE_SECONDS = 120
_LONGEST_LINE = 1 << 20
# Characters of text and arguments together: some ten times what the models of today can write in one answer.
LONGEST_ANSWER = 8 << 20
# As many as a request may offer tools; no model of today asks for more in one answer.
MOST_TOOL_CALLS = 128


@dataclass(frozen=True, slots=True)
class CallPart:
    """A part of a tool call. The parts with one `index` are one call; `arguments` come in pieces."""

    index: int | None
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """A part of an answer. `usage` and `finish_reason` come towards the end, where the model tells them."""

    text: str = ""
    calls: tuple[CallPart, ...] = ()
    finish_reason: str | None = None
    usage: dict[str, int] | None = None


@dataclass(slots=True)
class ToolCall:
    """What a model asks for. `arguments` is the text that it wrote, which is meant to be a JSON object."""

    id: str
    name: str
    arguments: str


@dataclass(slots=True)
class Answer:
    """An answer put together from its deltas. `too_many`: tool calls beyond MOST_TOOL_CALLS came and are not kept."""

    text: str = ""
    tool_calls: list[ToolCall] = field(default_factory=list[ToolCall])
    too_many: bool = False
    finish_reason: str = "stop"
    usage: dict[str, int] = field(default_factory=dict[str, int])


async def collect(deltas: AsyncGenerator[Delta], hear: Callable[[str], None] | None = None) -> Answer:
    """The whole answer; `hear` is told each piece of text as it comes. Raises LimitReached past LONGEST_ANSWER, and
    what `deltas` raises."""
    answer, calls = Answer(), _Calls()
    pieces: list[str] = []
    length = 0
    async with aclosing(deltas):
        async for delta in deltas:
            length += len(delta.text) + sum(len(part.arguments) + len(part.name) + len(part.id) for part in delta.calls)
            if length > LONGEST_ANSWER:
                raise LimitReached(
                    f"The model's answer is longer than {LONGEST_ANSWER:,} characters: it does not end. Set max_tokens."
                )
            if delta.text:
                pieces.append(delta.text)
                if hear:
                    hear(delta.text)
            for part in delta.calls:
                calls.add(part)
            answer.finish_reason = delta.finish_reason or answer.finish_reason
            answer.usage = delta.usage or answer.usage
    answer.text = "".join(pieces)
    answer.tool_calls, answer.too_many = calls.whole(), calls.too_many
    return answer


class _Calls:
    """Tool calls, put together from their parts."""

    def __init__(self) -> None:
        self._calls: list[tuple[ToolCall, list[str]]] = []
        self._at: dict[int, int] = {}
        self._last: int | None = None
        self.too_many = False

    def add(self, part: CallPart) -> None:
        at = self._last if part.index is None else self._at.get(part.index)
        # Some engines number all calls 0, or none: there a new id begins a new call.
        if at is None or (part.id and part.name and part.id != self._calls[at][0].id):
            at = self._begin(part)
        elif part.index is None and self.too_many and not part.id:
            at = None
        if at is not None:
            call, arguments = self._calls[at]
            call.id, call.name = call.id or part.id, call.name or part.name
            arguments.append(part.arguments)

    def _begin(self, part: CallPart) -> int | None:
        """The place of a new call; None when there are too many to keep it."""
        if len(self._calls) == MOST_TOOL_CALLS:
            self.too_many = True
            return None
        self._last = len(self._calls)
        self._calls.append((ToolCall(part.id, part.name, ""), []))
        if part.index is not None:
            self._at[part.index] = self._last
        return self._last

    def whole(self) -> list[ToolCall]:
        """The calls, each with an id of its own: what a tool gives is sent back under it."""
        seen = set[str]()
        for number, (call, arguments) in enumerate(self._calls):
            call.arguments = "".join(arguments)
            if not call.id or call.id in seen:
                call.id = f"call_{number}"
            while call.id in seen:
                call.id += "_"
            seen.add(call.id)
        return [call for call, _ in self._calls]


async def complete(ctx: Context, model: str, messages: list[dict[str, Any]], **options: Any) -> str:
    """The whole text of an answer."""
    return "".join([delta.text async for delta in stream(ctx, model, messages, **options)])


async def stream(ctx: Context, model: str, messages: list[dict[str, Any]], **options: Any) -> AsyncGenerator[Delta]:
    """An answer as it is written. `options` are fields of OpenAI's request (`temperature`, `tools`, `tool_choice`,
    `response_format` …); those that are None are left out. Raises NotFound (no such model), InvalidInput (the model
    refuses the request), Unavailable (the engine died before it had said anything, twice) and UpstreamFailed."""
    given = {name: value for name, value in options.items() if value is not None}
    for attempt in (1, 2):
        provider = await find_provider(ctx.storage, ctx.settings, ctx.user.key, model) if "/" in model else None
        lease = provider.lease if provider else await ctx.runner.lease(model)
        started = False
        try:
            async with _request(_session(ctx, provider), lease, messages, given) as response:
                async for delta in _deltas(response):
                    started = True
                    yield delta
            return
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            if provider is None:
                await ctx.runner.forget(lease)
            if started:
                raise UpstreamFailed(f"The model {model!r} stopped in the middle of its answer. Ask again.") from error
            if attempt == 2:
                raise Unavailable(f"The model {model!r} does not answer now. Try again in a moment.") from error
        finally:
            if provider is None:
                ctx.runner.release(lease)


def _session(ctx: Context, provider: ProviderModel | None) -> aiohttp.ClientSession:
    """A session that may go to the model's address. Raises ForbiddenAddress."""
    if provider is None or provider.allowance is None:
        return ctx.http
    check_address(read_url(provider.lease.base_url), provider.allowance)
    return guarded_session(provider.allowance)


@asynccontextmanager
async def _request(
    session: aiohttp.ClientSession, lease: Lease, messages: list[dict[str, Any]], options: dict[str, Any]
) -> AsyncGenerator[aiohttp.ClientResponse]:
    body = {
        "model": lease.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    } | options
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_SILENCE_SECONDS)
    async with session.post(
        f"{lease.base_url}/chat/completions",
        data=orjson.dumps(body),
        headers=lease.headers | {"Content-Type": "application/json", "Accept-Encoding": "identity"},
        timeout=timeout,
        allow_redirects=False,
    ) as response:
        if response.status >= 400:
            raise _refusal(lease.model, response.status, await response.content.read(4096))
        yield response


def _refusal(model: str, status: int, body: bytes) -> Exception:
    try:
        message = str(orjson.loads(body)["error"]["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        message = body.decode(errors="replace")[:300]
    if status in (400, 413, 422):
        return InvalidInput(f"The model {model!r} refuses the request: {message}")
    if status in (429, 503):
        return Unavailable(f"The model {model!r} takes no more requests now: {message}")
    return UpstreamFailed(f"The model {model!r} answered with status {status}: {message}")


async def _deltas(response: aiohttp.ClientResponse) -> AsyncIterator[Delta]:
    async for data in _events(response):
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise UpstreamFailed(
                "The model's answer is not what the OpenAI protocol says: a chunk is not JSON."
            ) from None
        yield _delta(as_object(chunk))


def _delta(chunk: dict[str, Any]) -> Delta:
    if error := chunk.get("error"):
        raise UpstreamFailed(f"The model ended with an error: {as_object(error).get('message', error)}")
    choice = as_object(next(iter(as_array(chunk.get("choices"))), None))
    said = as_object(choice.get("delta"))
    usage = as_object(chunk.get("usage"))
    return Delta(
        text=str(said.get("content") or ""),
        calls=tuple(_call_part(as_object(part)) for part in as_array(said.get("tool_calls"))),
        finish_reason=str(choice.get("finish_reason") or "") or None,
        usage={name: value for name, value in usage.items() if isinstance(value, int)} or None,
    )


def _call_part(part: dict[str, Any]) -> CallPart:
    index, function = part.get("index"), as_object(part.get("function"))
    arguments = function.get("arguments") or ""
    return CallPart(
        index=index if isinstance(index, int) else None,
        id=str(part.get("id") or ""),
        name=str(function.get("name") or ""),
        # Some engines send the object instead of its text.
        arguments=arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode(),
    )


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The data of server-sent events, up to `[DONE]`."""
    buffer = b""
    async for part in response.content.iter_any():
        *lines, buffer = (buffer + part).split(b"\n")
        if len(buffer) > _LONGEST_LINE:
            raise UpstreamFailed("The model's answer has a line of more than 1 MiB.")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                return
            if data:
                yield data
