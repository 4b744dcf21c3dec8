"""`toolchain/<id>` as a model, `toolchain/<id>@<version>` as one version of it: the last user message is its input, the
earlier ones its history, its answer the content, its sources the annotations."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from inference.composer import chat_input, find_toolchain
from inference.errors import InvalidInput, NotFound, RunWaits
from inference.functions import Context, check_rights, find
from inference.json_values import as_array, as_object, is_array, is_object
from inference.models.runs import RunError
from inference.server import sse
from inference.server.problems import error_of_run, openai_error
from inference.server.state import State
from inference.server.v1.courier import Call, Nothing, Served, as_headers

PREFIX = "toolchain/"
# What fits the database's integer.
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


class ToolchainModels:
    """Answers chat completions by runs."""

    def __init__(self, state: State) -> None:
        self._state = state

    def answers(self, call: Call, model: str) -> bool:
        return model.startswith(PREFIX) and call.path == "/chat/completions"

    async def ask(self, call: Call, model: str) -> Served:
        """Raises what keeps the run from starting, and, where the answer is wanted whole, what ended it."""
        state, request = self._state, call.asked.whole()
        ctx = replace(state.base, caller=call.caller)
        check_rights(find("run_toolchain"), ctx)
        toolchain_id, version = split_model(model)
        try:
            toolchain = await find_toolchain(state.storage, call.caller, toolchain_id, version)
        except NotFound as error:
            raise NotFound(error.message, field="model") from None
        history, question = split_messages(request.get("messages"))
        given: dict[str, Any] = {"question": question, "history": history, "collection_ids": collection_ids(request)}
        run = await state.composer.start(
            ctx, toolchain_id, await chat_input(ctx, toolchain_id, given, version), version=version
        )
        answer = _Answer(model, run, call.origin, str(toolchain.definition.get("stream")))
        if call.asked.stream:
            headers = as_headers({"content-type": "text/event-stream"} | sse.HEADERS)
            return Served(model, 200, headers, _Stream(answer.stream(state, ctx)))
        body = orjson.dumps(await answer.whole(state, ctx))
        return Served(model, 200, [(b"content-type", b"application/json")], Nothing(), body, whole=True)


class _Stream:
    """The bytes of a streamed answer, as a source."""

    def __init__(self, parts: AsyncGenerator[bytes]) -> None:
        self._parts = parts

    async def part(self) -> bytes:
        return await anext(self._parts, b"")

    async def aclose(self) -> None:
        await self._parts.aclose()


def split_model(model: str) -> tuple[str, int | None]:
    """The id and, after an `@`, the version: `toolchain/rag@3`. Raises NotFound."""
    toolchain_id, pinned, version = model.removeprefix(PREFIX).partition("@")
    if not pinned:
        return toolchain_id, None
    if not _VERSION.fullmatch(version):
        raise NotFound(f"{version[:80]!r} is no version of a toolchain: it is a number from 1.", field="model")
    return toolchain_id, int(version)


def split_messages(messages: Any) -> tuple[list[dict[str, Any]], str]:
    """Everything before the last user message, and that message's text. Raises InvalidInput."""
    if not is_array(messages) or not messages:
        raise InvalidInput("`messages` must be a list with at least one message.", field="messages")
    turns: list[dict[str, Any]] = []
    for index, message in enumerate(messages):
        if not is_object(message) or not isinstance(message.get("role"), str):
            raise InvalidInput("Each message needs a `role` and a `content`.", field=f"messages.{index}")
        turns.append({"role": message["role"], "content": _text(message.get("content"))})
    last = max((index for index, turn in enumerate(turns) if turn["role"] == "user"), default=None)
    if last is None or not turns[last]["content"].strip():
        raise InvalidInput("There is no user message with text to answer.", field="messages")
    return [turn for turn in turns[:last] if turn["role"] in ("user", "assistant")], turns[last]["content"]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = [part for part in as_array(content) if is_object(part) and part.get("type") == "text"]
    return "\n".join(str(part.get("text", "")) for part in parts)


def collection_ids(request: dict[str, Any]) -> list[str]:
    """`metadata.collection_ids`: a list, or ids with commas between them, as OpenAI's clients can send."""
    given = as_object(request.get("metadata")).get("collection_ids", [])
    if isinstance(given, str):
        given = [part.strip() for part in given.split(",") if part.strip()]
    if not is_array(given) or not all(isinstance(item, str) for item in given):
        raise InvalidInput(
            "collection_ids is a list of ids, or ids with commas between them.", field="metadata.collection_ids"
        )
    return given


class _Answer:
    """One completion and what it is made of."""

    def __init__(self, model: str, run: UUID, origin: str, path: str) -> None:
        self._model, self._run, self._origin, self._path = model, run, origin, path
        self._created = int(time.time())

    async def whole(self, state: State, ctx: Context) -> dict[str, Any]:
        run = await state.composer.wait(ctx, self._run)
        record = await state.storage.runs.detail(ctx.user.key, self._run)
        if run.status == "waiting":
            raise RunWaits(self._waits())
        if run.status != "completed" or record is None:
            raise error_of_run(run.error)
        output = record.output or {}
        message: dict[str, Any] = {"role": "assistant", "content": str(output.get("answer", "")), "refusal": None}
        message["annotations"] = self._annotations(output.get("sources") or [], output.get("citations") or [])
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._frame("chat.completion", [choice]) | {"usage": usage_of(output)}

    async def stream(self, state: State, ctx: Context) -> AsyncGenerator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""})
        async for event in state.composer.follow(ctx, self._run):
            if event is None:
                yield sse.PING
            elif event.event == "delta" and event.data["path"] == self._path:
                yield self._chunk({"content": event.data["text"]})
            elif event.event in ("node_started", "node_finished") and event.data.get("kind") == "tool":
                yield self._chunk({}, tool={"event": event.event} | event.data)
            elif event.event in ("run_failed", "waiting"):
                waits = event.event == "waiting"
                error = RunWaits(self._waits()) if waits else error_of_run(RunError(**event.data["error"]))
                yield b"data: %s\n\n" % orjson.dumps(openai_error(error))
                return
        record = await state.storage.runs.detail(ctx.user.key, self._run)
        output = (record.output if record else None) or {}
        annotations = self._annotations(output.get("sources") or [], output.get("citations") or [])
        yield self._chunk({"annotations": annotations} if annotations else {}, "stop")
        # Whoever did not ask for it is not shown it: it is counted on its way.
        yield b"data: %s\n\n" % orjson.dumps(self._frame("chat.completion.chunk", []) | {"usage": usage_of(output)})
        yield b"data: [DONE]\n\n"

    def _frame(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self._run}",
            "object": kind,
            "created": self._created,
            "model": self._model,
            "choices": choices,
        }

    def _waits(self) -> str:
        return f"The run {self._run} waits for an answer. Give it with resume_run; the run goes on then."

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **beside: Any) -> bytes:
        """One chunk of the stream; `beside` are fields that are Penstock's own, which clients pass over."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        frame = self._frame("chat.completion.chunk", [choice]) | ({"penstock": beside} if beside else {})
        return b"data: %s\n\n" % orjson.dumps(frame)

    def _annotations(self, sources: list[dict[str, Any]], citations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A `url_citation` for every mark in the answer, with the document and page beside it."""
        by_number = {source["n"]: source for source in sources}
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "url": f"{self._origin}/documents/{source['document_id']}?page={source['page']}",
                    "title": f"{source['document_name']}, page {source['page']}",
                    "start_index": citation["start"],
                    "end_index": citation["end"],
                },
                "n": source["n"],
                "document_id": source["document_id"],
                "document_name": source["document_name"],
                "page": source["page"],
                "chunk_id": source["chunk_id"],
            }
            for citation in citations
            if (source := by_number.get(citation["n"]))
        ]


def usage_of(output: dict[str, Any]) -> dict[str, int]:
    """What the model told of its tokens; zeros where it told nothing."""
    told: dict[str, Any] = output.get("usage") or {}
    prompt, completion = int(told.get("prompt_tokens", 0)), int(told.get("completion_tokens", 0))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
