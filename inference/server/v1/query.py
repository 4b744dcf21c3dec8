"""/v1/query: a cited answer, streamed or whole, kept in its conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from inference.composer import Answering, begin_answer, find_answer, latest_answer
from inference.errors import NotFound
from inference.functions import Context, check_rights, find
from inference.models.conversations import QueryAnswer, QueryRequest, Usage
from inference.models.runs import RunEvent
from inference.server import sse
from inference.server.bodies import read_json_object
from inference.server.problems import error_of_run
from inference.server.state import State, state_of
from inference.server.v1.toolchain_model import usage_of

router = APIRouter(prefix="/v1", tags=["query"])


@router.post(
    "/query",
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": QueryRequest.model_json_schema()}}}},
)
async def query(request: Request) -> Response:
    """Answers a question from documents. With `Last-Event-ID` it reads on in the answer to the same question."""
    state = state_of(request)
    ctx = await _context(request)
    asked = QueryRequest.model_validate(await read_json_object(request, state.settings.max_body_bytes))
    after = sse.last_event_id(request)
    answering = (await latest_answer(ctx, asked) if after else None) or await begin_answer(ctx, asked)
    if asked.stream:
        return _stream(state, ctx, answering, after)
    return JSONResponse((await _whole(state, ctx, answering)).model_dump(mode="json"))


@router.get("/query/{run_id}", response_class=StreamingResponse)
async def follow_query(request: Request, run_id: str) -> Response:
    """Reads an answer (again), after the event that `Last-Event-ID` names."""
    ctx = await _context(request)
    return _stream(state_of(request), ctx, await find_answer(ctx, run_id), sse.last_event_id(request))


async def _context(request: Request) -> Context:
    ctx = await state_of(request).context(request.headers.get("authorization"))
    check_rights(find("run_toolchain"), ctx)
    return ctx


async def _whole(state: State, ctx: Context, answering: Answering) -> QueryAnswer:
    run = await state.composer.wait(ctx, answering.run_id)
    record = await state.storage.runs.detail(ctx.user.key, answering.run_id)
    if run.status != "completed" or record is None:
        raise error_of_run(run.error)
    output = record.output or {}
    return QueryAnswer(
        conversation_id=answering.conversation_id,
        message_id=answering.message_id,
        run_id=str(answering.run_id),
        answer=str(output.get("answer", "")),
        sources=output.get("sources") or [],
        citations=output.get("citations") or [],
        usage=Usage(**usage_of(output)),
    )


def _stream(state: State, ctx: Context, answering: Answering, after: int) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        # The last event of a run becomes two of its answer: who has the first of them is to get the second.
        last = after
        async for event in state.composer.follow(ctx, answering.run_id, max(after - 1, 0)):
            if event is None:
                yield sse.PING
                continue
            if event.event == "run_finished":
                record = await state.storage.runs.detail(ctx.user.key, answering.run_id)
                usage = usage_of((record.output if record else None) or {})
                said = [("usage", usage), ("done", _done(answering, "stop"))]
            else:
                said = told(event, answering)
            for number, (name, data) in enumerate(said, event.sequence):
                if number > after:
                    last = number
                    yield sse.event(name, data, number)
        if await state.storage.runs.get(ctx.user.key, answering.run_id) is None:
            gone = NotFound("The conversation of this answer was deleted.")
            yield sse.event("error", {"type": gone.name, "message": gone.message}, last + 1)

    return StreamingResponse(body(), media_type="text/event-stream", headers=sse.HEADERS)


def told(event: RunEvent, answering: Answering) -> list[tuple[str, Any]]:
    """What the reader of an answer is told of an event of its run; of most, nothing."""
    match event.event:
        case "run_started":
            ids = {"conversation_id": answering.conversation_id, "message_id": answering.message_id}
            return [("start", ids | {"run_id": str(answering.run_id)})]
        case "sources":
            return [("sources", event.data["sources"])]
        case "delta" if event.data["path"] == "answer":
            return [("delta", {"text": event.data["text"]})]
        case "citation":
            return [("citation", event.data)]
        case "waiting":
            return [("waiting", {"run_id": str(answering.run_id), "pauses": event.data["pauses"]})]
        case "run_failed":
            return [("error", {"type": event.data["error"]["type"], "message": event.data["error"]["message"]})]
        case "run_cancelled":
            return [("done", _done(answering, "cancelled"))]
        case _:
            return []


def _done(answering: Answering, reason: str) -> dict[str, str]:
    return {"message_id": answering.message_id, "finish_reason": reason}
