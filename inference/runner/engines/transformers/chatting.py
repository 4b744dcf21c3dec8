"""`POST /v1/chat/completions` over a `Generator`, whole or streamed."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, cast

from aiohttp import web

from inference.runner.engines.chat import ChatRequest, Completion, choice, event, parse_request, whole
from inference.runner.engines.serving import Refusal, read_object
from inference.runner.engines.transformers.generating import Ending, Generator, Sampling

MAX_STOPS = 4  # OpenAI's own limit


@dataclass(slots=True, eq=False)
class Telling:
    """A text on its way from the thread that writes it: pieces, then how it ended, or what went wrong."""

    pieces: asyncio.Queue[str | Ending | Exception]
    gone: bool = False


class Chat:
    """A model's door. Requests wait in the order in which they came."""

    def __init__(self, name: str, generator: Generator) -> None:
        self._name = name
        self._generator = generator
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model")

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/v1/chat/completions", self._completions)]

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        body = await read_object(request)
        asked = parse_request(body, self._name)
        if body.get("tools") and body.get("tool_choice") != "none":
            raise Refusal(400, f"{self._name} cannot call tools: serve it with vllm or llamacpp.", param="tools")
        messages = [{"role": message.role, "content": message.text} for message in asked.messages]
        ids = await asyncio.to_thread(self._generator.encode, messages)
        length = int(ids.shape[1])
        sampling = parse_sampling(body, asked, self._generator.context - length)
        done = Completion(
            id=f"chatcmpl-{secrets.token_hex(12)}",
            created=int(time.time()),
            model=self._name,
            text="",
            finish_reason="stop",
            prompt_tokens=length,
            completion_tokens=0,
        )
        telling = Telling(asyncio.Queue())
        try:
            if asked.stream:
                return await self._stream(request, asked, done, self._tell(ids, sampling, telling))
            parts: list[str] = []
            async for part in self._tell(ids, sampling, telling):
                if isinstance(part, Ending):
                    done = replace(done, finish_reason=part.reason, completion_tokens=part.tokens)
                else:
                    parts.append(part)
            return web.Response(body=whole(replace(done, text="".join(parts))), content_type="application/json")
        finally:
            telling.gone = True

    async def _stream(
        self, request: web.Request, asked: ChatRequest, done: Completion, parts: AsyncIterator[str | Ending]
    ) -> web.StreamResponse:
        first = await anext(parts)  # what goes wrong before still gets its status
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        await response.write(event(done, [choice({"role": "assistant", "content": ""})], asked.include_usage))
        part: str | Ending | None = first
        while part is not None:
            if isinstance(part, Ending):
                done = replace(done, finish_reason=part.reason, completion_tokens=part.tokens)
                await response.write(event(done, [choice({}, part.reason)], asked.include_usage))
            else:
                await response.write(event(done, [choice({"content": part})], asked.include_usage))
            part = await anext(parts, None)
        if asked.include_usage:
            await response.write(event(done, [], include_usage=True, usage=done.usage))
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    async def _tell(self, ids: Any, sampling: Sampling, telling: Telling) -> AsyncIterator[str | Ending]:
        """The pieces as they are written, and the ending last."""
        loop = asyncio.get_running_loop()

        def say(part: str | Ending | Exception) -> None:
            loop.call_soon_threadsafe(telling.pieces.put_nowait, part)

        def write() -> None:
            try:
                say(self._generator.write(ids, sampling, say, lambda: telling.gone))
            except Exception as error:  # whatever torch raises belongs to this request alone
                say(error)

        self._thread.submit(write)
        while True:
            part = await telling.pieces.get()
            if isinstance(part, Exception):
                raise Refusal(500, f"The model failed: {type(part).__name__}: {part}") from part
            yield part
            if isinstance(part, Ending):
                return


def parse_sampling(body: dict[str, Any], asked: ChatRequest, room: int) -> Sampling:
    """`room`: tokens that the context leaves for the answer. Raises Refusal, naming the field."""
    if room < 1:
        raise Refusal(
            400,
            f"The messages fill the model's context: {1 - room} tokens less are needed.",
            param="messages",
            code="context_length_exceeded",
        )
    if body.get("logprobs"):
        raise Refusal(400, "This model tells no logprobs.", param="logprobs")
    seed = body.get("seed")
    if seed is not None and type(seed) is not int:
        raise Refusal(400, "'seed' must be a whole number.", param="seed")
    return Sampling(
        limit=min(asked.max_tokens or room, room),
        temperature=_number(body, "temperature", 1.0, 2.0),
        top_p=_number(body, "top_p", 1.0, 1.0),
        seed=seed,
        stop=_stops(body.get("stop")),
    )


def _number(body: dict[str, Any], name: str, usual: float, most: float) -> float:
    value = body.get(name)
    if value is None:
        return usual
    if type(value) not in (int, float) or not 0 <= value <= most:
        raise Refusal(400, f"'{name}' must be a number from 0 to {most:g}.", param=name)
    return float(value)


def _stops(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    stops = cast("list[object]", value) if isinstance(value, list) else [value]
    if len(stops) > MAX_STOPS or not all(isinstance(stop, str) and stop for stop in stops):
        raise Refusal(400, f"'stop' must be a text or up to {MAX_STOPS} of them.", param="stop")
    return tuple(cast("list[str]", stops))
